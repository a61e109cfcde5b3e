import type { Payment } from '@nova/prisma-tenant';
import { describe, expect, it } from 'vitest';

import { pageAfter } from './page-after.js';

const config = {
  publicUrl: 'https://nova.example',
  providerUrls: {
    paystack: 'https://api.paystack.co',
    flutterwave: 'http://127.0.0.1:4001/v3',
    mpesa: 'https://api.safaricom.co.ke',
    mpesaSandbox: 'https://sandbox.safaricom.co.ke',
    stripe: 'https://api.stripe.com',
  },
};
const after = (provider: string, actionUrl: string | null, status = 'pending') =>
  pageAfter({ id: 'pay_1', provider, actionUrl, status } as Payment, '/pay/t', config);

describe('where a payer goes next', () => {
  it.each([
    ['paystack', 'https://checkout.paystack.com/abc'],
    ['flutterwave', 'http://127.0.0.1:4001/v3/hosted/pay/abc'],
    ['stripe', 'https://checkout.stripe.com/c/pay/abc'],
  ])('is the page of %s', (provider, url) => {
    expect(after(provider, url)).toBe(url);
  });

  it('is a page of this site by its path', () => {
    expect(after('sandbox', 'https://nova.example/pay/sandbox/x')).toBe('/pay/sandbox/x');
  });

  it.each([
    ['stripe', 'https://pay.acme.example/c/pay/abc'],
    ['paystack', 'https://checkout.paystack.com.evil.example/abc'],
    ['mpesa', null],
  ])('is the payment’s own page, where forms may not lead on (%s)', (provider, url) => {
    expect(after(provider, url)).toBe('/pay/t/payments/pay_1');
  });

  it('is the payment’s own page once it has ended', () => {
    expect(after('paystack', 'https://checkout.paystack.com/abc', 'failed')).toBe('/pay/t/payments/pay_1');
  });
});
