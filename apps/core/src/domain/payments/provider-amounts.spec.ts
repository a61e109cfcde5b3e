import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CURRENCY_CODES } from '../money/currencies.js';
import {
  currenciesOf,
  fromProviderAmount,
  PROVIDER_NAMES,
  type ProviderName,
  toProviderAmount,
  toRefundAmount,
} from './provider-amounts.js';

type Row = [currency: string, minor: bigint, ...perProvider: (string | null)[]];

/** What each provider is sent for the same price; null where it takes no such amount. */
const VECTORS: Row[] = [
  // currency, minor, stripe, paystack, flutterwave, mpesa
  ['NGN', 250_000n, '250000', '250000', '2500', null],
  ['NGN', 250_050n, '250050', '250050', '2500.5', null],
  ['KES', 150_000n, '150000', '150000', '1500', '1500'],
  ['KES', 150_050n, '150050', '150050', '1500.5', null],
  ['GHS', 5_025n, null, '5025', '50.25', null],
  ['ZAR', 19_999n, '19999', '19999', '199.99', null],
  ['UGX', 5_000n, '500000', null, '5000', null],
  ['TZS', 1_000_000n, '1000000', null, '10000', null],
  ['RWF', 10_000n, '10000', null, '10000', null],
  ['EGP', 12_550n, '12550', null, '125.5', null],
  ['XOF', 5_000n, '5000', '500000', '5000', null],
  ['XAF', 5_000n, '5000', null, '5000', null],
  ['MAD', 9_900n, '9900', null, null, null],
  ['ETB', 100_000n, '100000', null, null, null],
  ['DZD', 250_000n, '250000', null, null, null],
  ['ZMW', 15_075n, '15075', null, '150.75', null],
  ['USD', 1_999n, '1999', '1999', '19.99', null],
  ['EUR', 1_000n, '1000', null, '10', null],
  ['GBP', 1n, null, null, '0.01', null],
];
const COLUMNS: ProviderName[] = ['stripe', 'paystack', 'flutterwave', 'mpesa'];
const table = VECTORS.flatMap(([currency, minor, ...texts]) =>
  COLUMNS.map((provider, at) => ({ provider, currency, minor, text: texts[at] ?? null })),
);

describe('an amount for a provider', () => {
  it.each(table)('$currency $minor to $provider is $text', ({ provider, currency, minor, text }) => {
    const given = toProviderAmount(provider, { amount: minor, currency });
    expect('text' in given ? given.text : null).toBe(text);
    if (text !== null) expect(fromProviderAmount(provider, { text, currency })).toBe(minor);
  });

  it('goes back also when it is too little to be charged, and is refused for all else', () => {
    const back = (provider: ProviderName, currency: string, amount: bigint) =>
      toRefundAmount(provider, { amount, currency });
    expect(back('paystack', 'NGN', 4_999n)).toEqual({ text: '4999' });
    expect(back('stripe', 'GBP', 1n)).toEqual({ text: '1' });
    expect(back('paystack', 'NGN', 0n)).toEqual({ refused: 'amount_too_small' });
    expect(back('mpesa', 'KES', 150_050n)).toEqual({ refused: 'amount_too_fine' });
    expect(back('mpesa', 'KES', 25_000_100n)).toEqual({ refused: 'amount_too_large' });
    expect(back('mpesa', 'NGN', 100n)).toEqual({ refused: 'currency_not_supported' });
  });

  it.each([
    ['mpesa', 'KES', 150_050n, 'amount_too_fine'],
    ['mpesa', 'KES', 25_000_100n, 'amount_too_large'],
    ['paystack', 'NGN', 4_999n, 'amount_too_small'],
    ['stripe', 'GBP', 29n, 'amount_too_small'],
    ['stripe', 'GHS', 5_025n, 'currency_not_supported'],
    ['paystack', 'UGX', 5_000n, 'currency_not_supported'],
    ['flutterwave', 'NGN', 0n, 'amount_too_small'],
  ] as const)('%s refuses %s %s: %s', (provider, currency, amount, refused) => {
    expect(toProviderAmount(provider, { amount, currency })).toEqual({ refused });
  });

  it('comes back as what it was, of every currency that is taken', () => {
    const any = fc.constantFrom(...PROVIDER_NAMES).chain((provider) =>
      fc.record({
        provider: fc.constant(provider),
        currency: fc.constantFrom(...currenciesOf(provider)),
        amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      }),
    );
    fc.assert(
      fc.property(any, ({ provider, currency, amount }) => {
        const given = toProviderAmount(provider, { amount, currency });
        if ('text' in given)
          expect(fromProviderAmount(provider, { text: given.text, currency })).toBe(amount);
      }),
    );
  });
});

describe('an amount that a provider tells', () => {
  it.each([
    ['flutterwave', 'NGN', '19.99', 1_999n],
    ['flutterwave', 'NGN', '1150.35', 115_035n],
    ['flutterwave', 'NGN', '1.005', null],
    ['flutterwave', 'UGX', '5000.00', 5_000n],
    ['flutterwave', 'UGX', '5000.5', null],
    ['mpesa', 'KES', '10.00', 1_000n],
    ['mpesa', 'KES', '1500', 150_000n],
    ['paystack', 'XOF', '500050', null],
    ['paystack', 'NGN', '-1', null],
    ['paystack', 'NGN', '1e3', null],
    ['paystack', 'NGN', '', null],
    ['paystack', 'XYZ', '100', null],
  ] as const)('by %s of %s: %s is %s', (provider, currency, text, minor) => {
    expect(fromProviderAmount(provider, { text, currency })).toBe(minor);
  });

  it('is never misread, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PROVIDER_NAMES),
        fc.constantFrom(...CURRENCY_CODES),
        fc.string(),
        (provider, currency, text) => {
          const read = fromProviderAmount(provider, { text, currency });
          expect(read === null || read >= 0n).toBe(true);
        },
      ),
    );
  });
});
