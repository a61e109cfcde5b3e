// The same on other servers: its refunds go by the jobs that wallets-and-refunds.spec.ts runs there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { benchOf, PayShop } from '../support/pay-shop.js';

type Body = ApiResponse['body'];

let shop: PayShop;

beforeAll(async () => {
  shop = await PayShop.start();
  await shop.takeMoneyBy('paystack', 'flutterwave', 'stripe');
});

afterAll(() => shop.stop());

const api = () => shop.tenant.api;

async function paidInvoice(provider: string): Promise<{ invoice: Body; payment: Body }> {
  const invoice = await shop.invoice('NGN');
  await shop.payOn(invoice.hostedUrl, { provider });
  const [payment] = await shop.paymentsOf(invoice.id);
  expect(payment).toMatchObject({ status: 'succeeded', provider });
  return { invoice, payment };
}

const credit = (invoiceId: string, amount: number) =>
  api().post('/credit-notes', { invoiceId, amount, to: 'refund' });
const refundsOf = async (invoiceId: string): Promise<Body[]> =>
  expectStatus(await api().get(`/refunds?invoice=${invoiceId}&sort=createdAt`), 200).data;
const net = (provider: string, { reference }: Body) =>
  shop.fake(provider).truth.net(benchOf(provider).truthName(reference));

const pass = (minutes: number) => shop.pass(minutes);

describe.each(['paystack', 'flutterwave', 'stripe'])('money of a page of %s', (provider) => {
  it('goes back in parts up to all of it, and not a bit more', async () => {
    const { invoice, payment } = await paidInvoice(provider);
    expectStatus(await credit(invoice.id, 100_000), 201);
    expectStatus(await credit(invoice.id, 150_000), 201);
    const more = await credit(invoice.id, 1);
    expect(more.status).toBe(409);
    const direct = await api().post(`/payments/${payment.id}/refunds`, { amount: 1 });
    expect(direct.status).toBe(409);
    await pass(2);
    await pass(10);
    const refunds = await refundsOf(invoice.id);
    expect(refunds).toMatchObject([
      { amount: 100_000, status: 'succeeded', provider },
      { amount: 150_000, status: 'succeeded', provider },
    ]);
    expect(net(provider, payment)).toBe(0n);
    expect(shop.fake(provider).truth.violations()).toEqual([]);
  });
});

describe('a refund that the bank refuses', () => {
  it('is failed, gives nothing back, and can be made by hand instead', async () => {
    const { invoice, payment } = await paidInvoice('paystack');
    await shop.fake('paystack').control.mode('refund-fails');
    expectStatus(await credit(invoice.id, 100_000), 201);
    await pass(2);
    await pass(10);
    const [refund] = await refundsOf(invoice.id);
    expect(refund).toMatchObject({ status: 'failed', failureCode: 'refund_failed' });
    expect(net('paystack', payment)).toBe(250_000n);
    const again = expectStatus(await api().post(`/refunds/${refund.id}/retry`, { by: 'hand' }), 201);
    expectStatus(await api().post(`/refunds/${again.id}/mark-paid`), 200);
    expect(await refundsOf(invoice.id)).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
  });

  it('is pending as long as the provider says so', async () => {
    const { invoice } = await paidInvoice('stripe');
    await shop.fake('stripe').control.mode('refund-pending');
    expectStatus(await credit(invoice.id, 100_000), 201);
    await pass(2);
    const [refund] = await refundsOf(invoice.id);
    expect(refund).toMatchObject({ status: 'pending', providerRefundId: expect.any(String) });
    await shop.fake('stripe').control.advance({ id: refund.providerRefundId, to: 'failed' });
    await pass(24 * 60);
    expect(await refundsOf(invoice.id)).toMatchObject([{ status: 'failed' }]);
  });
});
