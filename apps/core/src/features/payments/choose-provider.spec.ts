import { describe, expect, it } from 'vitest';

import { chooseProvider } from './choose-provider.js';

const account = (provider: string, priority = 100, currencies: string[] = [], enabled = true) => ({
  provider,
  priority,
  currencies,
  enabled,
});
const all = [
  account('stripe', 30),
  account('paystack', 20),
  account('mpesa', 10),
  account('flutterwave', 40),
];
const chosen = (
  currency: string,
  how: 'attended' | 'unattended' = 'attended',
  amount: bigint | null = null,
) => chooseProvider(all, { currency, amount, how })?.provider ?? null;

describe('the provider of a payment', () => {
  it.each([
    ['KES', 'mpesa'],
    ['NGN', 'paystack'],
    ['EUR', 'stripe'],
    ['UGX', 'stripe'],
    ['ETB', 'stripe'],
    ['DZD', 'stripe'],
    ['GHS', 'paystack'],
    ['XXX', null],
  ])('in %s is %s, by the tenant’s order', (currency, provider) => {
    expect(chosen(currency)).toBe(provider);
  });

  it('is one that can do without the customer, where that is wanted', () => {
    expect(chosen('KES', 'unattended')).toBe('paystack');
  });

  it('is one that takes the sum as it is', () => {
    expect(chosen('KES', 'attended', 150_050n)).toBe('paystack');
    expect(chosen('NGN', 'attended', 4_999n)).toBe('stripe');
  });

  it('is none that is switched off or kept for other currencies', () => {
    const accounts = [account('paystack', 1, [], false), account('flutterwave', 2, ['KES'])];
    expect(chooseProvider(accounts, { currency: 'NGN', amount: null, how: 'attended' })).toBeNull();
    expect(chooseProvider(accounts, { currency: 'KES', amount: null, how: 'attended' })).toBe(accounts[1]);
    expect(chooseProvider([account('mpesa')], { currency: 'ETB', amount: null, how: 'attended' })).toBeNull();
  });
});
