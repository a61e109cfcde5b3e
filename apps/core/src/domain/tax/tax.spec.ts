import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { assembleInvoice } from '../invoices/assemble-invoice.js';
import { toDecimal } from '../money/decimal.js';
import { computeTaxes } from './compute-taxes.js';
import { TAX_CASES, TAX_REGION_CASE } from './tax.cases.js';
import { taxOfSupply } from './tax-rates.js';
import type { TaxBehavior, TaxComponent } from './tax-types.js';
import type { TaxableLine } from './taxable-line.js';

function component(code: string, rate: string, compound: 'compound' | 'parallel' = 'parallel'): TaxComponent {
  const validity = { validFrom: null, validTo: null };
  return { code, name: code, rate: toDecimal(rate), compound: compound === 'compound', ...validity };
}

function taxed(lines: readonly (readonly [bigint, readonly TaxComponent[], TaxBehavior?])[]) {
  return computeTaxes(
    lines.map(([amount, components, behavior = 'exclusive']): TaxableLine => ({
      amount,
      behavior,
      tax: { components, reason: null },
    })),
  );
}

/** A new array each time: what is worked out of components is remembered by their array. */
function ghanaIn2025(): TaxComponent[] {
  const levies = [component('NHIL', '2.5'), component('GETFUND', '2.5'), component('COVID', '1')];
  return [...levies, component('VAT', '15', 'compound')];
}

describe('cases of open billing engines', () => {
  it.each(TAX_CASES)('$id', (given) => {
    const lines = given.lines.map((line) => ({
      amount: line.amount,
      taxCategory: 'standard',
      taxBehavior: 'exclusive' as const,
      planId: null,
      priceId: line.discounted === 'no' ? null : 'price',
      components: line.rates.map((rate, index) => component(`T${index}`, rate)),
    }));
    const common = { id: 'dsc', appliesTo: { planIds: [], priceIds: ['price'] }, attachedAt: new Date(0) };
    const invoice = assembleInvoice({
      lines,
      discounts: [
        ...(given.fixedDiscount
          ? [{ ...common, kind: 'fixed' as const, amountLeft: given.fixedDiscount }]
          : []),
        ...(given.percentDiscount
          ? [{ ...common, kind: 'percentage' as const, percent: toDecimal(given.percentDiscount) }]
          : []),
      ],
      taxOf: ({ components }) => ({ components, reason: null }),
    });
    const { lineTaxes, lineDiscounts } = given;
    expect(invoice.taxTotal).toBe(given.taxTotal);
    if (given.total !== undefined) expect(invoice.total).toBe(given.total);
    if (given.netTotal !== undefined) expect(invoice.netTotal).toBe(given.netTotal);
    if (given.discountTotal !== undefined) expect(invoice.discountTotal).toBe(given.discountTotal);
    if (lineTaxes) expect(invoice.lines.map((line) => line.tax)).toEqual(lineTaxes);
    if (lineDiscounts) expect(invoice.lines.map((line) => line.discount)).toEqual(lineDiscounts);
  });

  it('met-tax-region', () => {
    const { supply, rates, amount, taxTotal } = TAX_REGION_CASE;
    const { components, reason } = taxOfSupply({
      rates: rates.map(({ region, rate }) => ({
        country: 'US',
        region,
        category: 'standard',
        components: rate === null ? [] : [component('ST', rate)],
      })),
      supply,
      treatment: 'taxable',
      date: '2026-01-01',
    });
    expect(reason).toBeNull();
    expect(taxed([[amount, components]]).rows[0]?.amount).toBe(taxTotal);
  });

  it('are all of tax, one_off_tax and coupon_and_tax', () => {
    const ids = [...TAX_CASES.map(({ id }) => id), TAX_REGION_CASE.id];
    expect(new Set(ids).size).toBe(9);
    expect(ids).toHaveLength(9);
  });
});

describe('prices without tax', () => {
  it('round a rate once on the invoice, not on each line (iss-lago-2643)', () => {
    const vat = [component('VAT', '20')];
    const { lines, rows } = taxed([6833n, 6833n, 5750n, 8500n].map((amount) => [amount, vat]));
    expect(rows).toEqual([
      { code: 'VAT', name: 'VAT', rate: '20', base: 27_916n, amount: 5583n, reason: null },
    ]);
    expect(lines.map((line) => line.tax)).toEqual([1367n, 1366n, 1150n, 1700n]);
  });

  it('take a compound tax of the price and the taxes before it, as printed', () => {
    const { lines, rows } = taxed([[1033n, ghanaIn2025()]]);
    expect(rows.map(({ code, base, amount }) => [code, base, amount])).toEqual([
      ['NHIL', 1033n, 26n],
      ['GETFUND', 1033n, 26n],
      ['COVID', 1033n, 10n],
      ['VAT', 1095n, 164n],
    ]);
    expect(lines[0]).toMatchObject({ net: 1033n, tax: 226n, gross: 1259n });
    expect(taxed([[10_000n, ghanaIn2025()]]).lines[0]?.tax).toBe(2190n);
  });

  it('take compound taxes on top of each other in their order', () => {
    const taxes = [component('A', '10'), component('B', '10', 'compound'), component('C', '10', 'compound')];
    const { rows } = taxed([
      [10_000n, taxes],
      [10_000n, taxes],
    ]);
    expect(rows.map(({ base, amount }) => [base, amount])).toEqual([
      [20_000n, 2000n],
      [22_000n, 2200n],
      [24_200n, 2420n],
    ]);
  });

  it('keep a parallel and a compound tax of the same name apart', () => {
    const { rows } = taxed([
      [10_000n, [component('VAT', '15')]],
      [10_000n, [component('L', '10'), component('VAT', '15', 'compound')]],
    ]);
    expect(rows.map(({ code, base, amount }) => [code, base, amount])).toEqual([
      ['VAT', 10_000n, 1500n],
      ['L', 10_000n, 1000n],
      ['VAT', 11_000n, 1650n],
    ]);
  });

  it('take a compound tax after those before it on its own line, whatever line comes first', () => {
    const vat = component('VAT', '10', 'compound');
    const { lines } = taxed([
      [10_000n, [component('LEVY', '5'), vat]],
      [10_000n, [component('EXCISE', '20', 'compound'), vat]],
    ]);
    expect(lines[1]?.taxes.map(({ base, amount }) => [base, amount])).toEqual([
      [10_000n, 2000n],
      [12_000n, 1200n],
    ]);
  });

  it('take tax off credits as they put it on charges', () => {
    const vat = [component('VAT', '7.5')];
    expect(
      taxed([
        [10_000n, vat],
        [-4000n, vat],
      ]).lines.map((line) => line.tax),
    ).toEqual([750n, -300n]);
    expect(
      taxed([
        [100n, vat],
        [-100n, vat],
      ]).rows[0],
    ).toMatchObject({ base: 0n, amount: 0n });
    expect(taxed([[-999n, [component('VAT', '21')]]]).lines[0]).toMatchObject({ tax: -210n, gross: -1209n });
  });

  it('refuse a rate below zero', () => {
    expect(() => taxed([[1n, [component('VAT', '-1')]]])).toThrow(
      new RangeError('The tax VAT has a rate below zero.'),
    );
    expect(taxed([[100n, [component('ZERO', '0')]]]).rows[0]).toMatchObject({
      rate: '0',
      base: 100n,
      amount: 0n,
    });
  });
});

describe('prices with tax', () => {
  it.each([
    [10_750n, '7.5', 10_000n, 750n],
    [1000n, '16', 862n, 138n],
    [100n, '15', 87n, 13n],
    [1n, '20', 1n, 0n],
    [-10_750n, '7.5', -10_000n, -750n],
    [999n, '0', 999n, 0n],
  ])('%s with %s %% is %s and %s', (gross, rate, net, tax) => {
    expect(taxed([[gross, [component('VAT', rate)], 'inclusive']]).lines[0]).toMatchObject({
      net,
      tax,
      gross,
    });
  });

  it('take compound taxes out again', () => {
    const { lines, rows } = taxed([[12_190n, ghanaIn2025(), 'inclusive']]);
    expect(lines[0]).toMatchObject({ net: 10_000n, tax: 2190n });
    expect(rows.map(({ base, amount }) => [base, amount])).toEqual([
      [10_000n, 250n],
      [10_000n, 250n],
      [10_000n, 100n],
      [10_600n, 1590n],
    ]);
  });

  it('are rounded once for all lines with the same taxes', () => {
    const vat = [component('VAT', '20')];
    const { lines, rows } = taxed([100n, 100n, 100n].map((gross) => [gross, vat, 'inclusive']));
    expect(rows[0]).toMatchObject({ base: 250n, amount: 50n });
    expect(lines.map((line) => line.tax)).toEqual([17n, 17n, 16n]);
  });

  it('are taken apart by what each line contains', () => {
    const { lines, rows } = taxed([
      [1200n, [component('VAT', '20')], 'inclusive'],
      [1050n, [component('VAT', '5')], 'inclusive'],
      [1250n, [component('VAT', '20'), component('LEVY', '5')], 'inclusive'],
    ]);
    expect(lines.map(({ net, tax }) => [net, tax])).toEqual([
      [1000n, 200n],
      [1000n, 50n],
      [1000n, 250n],
    ]);
    expect(rows.map(({ code, rate, base, amount }) => [code, rate, base, amount])).toEqual([
      ['VAT', '20', 2000n, 400n],
      ['VAT', '5', 1000n, 50n],
      ['LEVY', '5', 1000n, 50n],
    ]);
  });

  it('share a row with prices without tax', () => {
    const vat = [component('VAT', '20')];
    const { rows } = taxed([
      [1200n, vat, 'inclusive'],
      [1000n, vat],
    ]);
    expect(rows).toEqual([{ code: 'VAT', name: 'VAT', rate: '20', base: 2000n, amount: 400n, reason: null }]);
  });
});

describe('lines that nothing is taken of', () => {
  it('have a row for their reason and keep their price', () => {
    const vat = [component('VAT', '20')];
    const { lines, rows } = computeTaxes([
      { amount: 1200n, behavior: 'inclusive', tax: { components: vat, reason: 'exempt' } },
      { amount: 1000n, behavior: 'exclusive', tax: { components: vat, reason: 'reverse_charge' } },
      { amount: 500n, behavior: 'exclusive', tax: { components: [], reason: 'reverse_charge' } },
      { amount: 100n, behavior: 'exclusive', tax: { components: [], reason: 'not_registered' } },
      { amount: 100n, behavior: 'exclusive', tax: { components: [], reason: null } },
    ]);
    expect(
      rows.map(({ code, name, rate, base, amount, reason }) => [code, name, rate, base, amount, reason]),
    ).toEqual([
      ['exempt', 'Exempt', '0', 1200n, 0n, 'exempt'],
      ['reverse_charge', 'Reverse charge', '0', 1500n, 0n, 'reverse_charge'],
      ['not_registered', 'No tax', '0', 100n, 0n, 'not_registered'],
    ]);
    for (const line of lines) expect(line).toMatchObject({ tax: 0n, taxes: [] });
    expect(lines[0]).toMatchObject({ net: 1200n, gross: 1200n });
  });
});

describe('any invoice', () => {
  const rate = fc.integer({ min: 0, max: 40_000 }).map((n) => toDecimal((n / 1000).toFixed(3)));
  const components = fc.array(
    fc.record({ code: fc.constantFrom('A', 'B', 'C'), rate, compound: fc.boolean() }),
    { maxLength: 4 },
  );
  const pool = fc.array(
    components.map((given) =>
      given.map((one) => ({ ...one, name: one.code, validFrom: null, validTo: null })),
    ),
    { minLength: 1, maxLength: 3 },
  );
  const line = fc.record({
    amount: fc.bigInt({ min: -(10n ** 7n), max: 10n ** 9n }),
    behavior: fc.constantFrom('exclusive' as const, 'inclusive' as const),
    pick: fc.nat(),
  });
  const lines = fc.tuple(pool, fc.array(line, { maxLength: 12 })).map(([taxes, given]) =>
    given.map(({ amount, behavior, pick }) => ({
      amount,
      behavior,
      tax: { components: taxes[pick % taxes.length] ?? [], reason: null },
    })),
  );

  it('adds up by line, by tax and in total', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const computed = computeTaxes(given);
        for (const [index, { amount, behavior }] of given.entries()) {
          const { net, tax, gross, taxes } = computed.lines[index] ?? expect.fail();
          expect(net + tax).toBe(gross);
          expect(behavior === 'inclusive' ? gross : net).toBe(amount);
          expect(taxes.reduce((sum, share) => sum + share.amount, 0n)).toBe(tax);
          if (given.every((other) => other.amount >= 0n)) expect(tax >= 0n && net >= 0n).toBe(true);
        }
        const byLine = computed.lines.reduce((sum, { tax }) => sum + tax, 0n);
        expect(computed.rows.reduce((sum, { amount }) => sum + amount, 0n)).toBe(byLine);
      }),
      { numRuns: 500 },
    );
  });

  it('of prices without tax has rows that are base times rate, rounded', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const exclusive = given.filter(({ behavior }) => behavior === 'exclusive');
        // Two taxes of one name and rate on a line, or compound ones at different places, are told apart by line only.
        fc.pre(
          exclusive.every(
            ({ tax }) => new Set(tax.components.map((c) => c.code)).size === tax.components.length,
          ),
        );
        fc.pre(exclusive.every(({ tax }) => tax.components.every((c) => !c.compound)));
        for (const { base, amount, rate: percent } of computeTaxes(exclusive).rows) {
          const exact = toDecimal(percent).times(base.toString()).dividedBy(100);
          expect(exact.minus(amount.toString()).abs().lte('0.5')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has line taxes within a unit of the exact ones', () => {
    const vat = [component('VAT', '7.5')];
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 }),
        (amounts) => {
          for (const [index, { tax }] of taxed(amounts.map((amount) => [amount, vat])).lines.entries()) {
            const distance = tax * 1000n - (amounts[index] ?? 0n) * 75n;
            expect(distance < 1000n && distance > -1000n).toBe(true);
          }
        },
      ),
    );
  });
});
