import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Discount } from '../coupons/discount-types.js';
import { toDecimal } from '../money/decimal.js';
import { COUNTRY_TAX_PRESETS } from '../tax/country-presets.js';
import { rememberTaxes } from '../tax/tax-rates.js';
import type { LineTax } from '../tax/tax-types.js';
import { assembleInvoice, InvoiceAmountError } from './assemble-invoice.js';
import type { InvoiceLineInput } from './invoice-types.js';

const taxes = rememberTaxes(COUNTRY_TAX_PRESETS);
function taxIn(country: string): LineTax {
  const supply = { country, region: null, category: 'standard' };
  return taxes({ supply, treatment: 'taxable', date: '2026-06-01' });
}
const UNTAXED: LineTax = { components: [], reason: null };

function line(amount: bigint, taxBehavior: InvoiceLineInput['taxBehavior'] = 'exclusive'): InvoiceLineInput {
  return { amount, taxBehavior, taxCategory: 'standard', planId: null, priceId: null };
}

function percentage(percent: string): Discount {
  const attachedAt = new Date(0);
  return { id: 'dsc', kind: 'percentage', percent: toDecimal(percent), appliesTo: null, attachedAt };
}

describe('assembleInvoice', () => {
  it('tells the story of an invoice in Lagos: plan, usage, ten percent off, VAT', () => {
    const invoice = assembleInvoice({
      lines: [line(150_000n), line(42_000n)],
      discounts: [percentage('10')],
      taxOf: () => taxIn('NG'),
    });
    expect(invoice).toMatchObject({
      subtotal: 192_000n,
      discountTotal: 19_200n,
      netTotal: 172_800n,
      taxTotal: 12_960n,
      total: 185_760n,
      discounts: [{ id: 'dsc', amount: 19_200n }],
      taxes: [{ code: 'VAT', rate: '7.5', base: 172_800n, amount: 12_960n, reason: null }],
    });
    expect(invoice.lines).toMatchObject([
      { discount: 15_000n, net: 135_000n, tax: 10_125n, gross: 145_125n },
      { discount: 4200n, net: 37_800n, tax: 2835n, gross: 40_635n },
    ]);
  });

  it('discounts the price as it is stated, with tax where it includes it', () => {
    const invoice = assembleInvoice({
      lines: [line(11_600n, 'inclusive')],
      discounts: [percentage('50')],
      taxOf: () => taxIn('KE'),
    });
    expect(invoice).toMatchObject({
      subtotal: 11_600n,
      discountTotal: 5800n,
      netTotal: 5000n,
      taxTotal: 800n,
    });
    expect(invoice.total).toBe(5800n);
  });

  it('comes below zero where credits outweigh charges', () => {
    const invoice = assembleInvoice({
      lines: [line(2000n), line(-5000n)],
      discounts: [],
      taxOf: () => taxIn('ZA'),
    });
    expect(invoice).toMatchObject({ subtotal: -3000n, taxTotal: -450n, total: -3450n });
  });

  it('is all zeros without lines', () => {
    const nothing = assembleInvoice({ lines: [], discounts: [percentage('10')], taxOf: () => UNTAXED });
    expect(nothing).toMatchObject({
      lines: [],
      taxes: [],
      subtotal: 0n,
      netTotal: 0n,
      taxTotal: 0n,
      total: 0n,
    });
  });

  it('refuses what a JSON integer cannot hold, and says where', () => {
    const assemble = (amounts: bigint[], tax: LineTax = UNTAXED) =>
      assembleInvoice({ lines: amounts.map((amount) => line(amount)), discounts: [], taxOf: () => tax });
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    expect(assemble([most]).total).toBe(most);
    expect(assemble([-most]).total).toBe(-most);
    const problemOf = (run: () => unknown): number | null | undefined => {
      try {
        run();
      } catch (error) {
        if (error instanceof InvoiceAmountError) return error.line;
      }
      return undefined;
    };
    expect(problemOf(() => assemble([1n, most + 1n]))).toBe(1);
    expect(problemOf(() => assemble([-most - 1n]))).toBe(0);
    expect(problemOf(() => assemble([most], taxIn('NG')))).toBe(0);
    expect(problemOf(() => assemble([most, 1n]))).toBeNull();
    expect(problemOf(() => assemble([-most, -1n]))).toBeNull();
    expect(() => assemble([most + 1n])).toThrow('Line 1 comes to more');
    expect(() => assemble([most, 1n])).toThrow('The invoice comes to more');
  });

  it('refuses a tax that is taken of more than that, though credits outweigh it in the total', () => {
    const amount = BigInt(Number.MAX_SAFE_INTEGER);
    const zero = { code: 'VAT', name: 'VAT', rate: toDecimal('0'), compound: false };
    const rated: LineTax = { components: [{ ...zero, validFrom: null, validTo: null }], reason: null };
    const lines = [amount, amount, -amount, -amount].map((one) => line(one));
    const taxOf = (one: InvoiceLineInput) => (one.amount > 0n ? rated : UNTAXED);
    expect(() => assembleInvoice({ lines, discounts: [], taxOf })).toThrow(InvoiceAmountError);
    expect(assembleInvoice({ lines, discounts: [], taxOf: () => UNTAXED }).total).toBe(0n);
  });

  it('adds up in every direction', () => {
    const lines = fc.array(
      fc.record({
        amount: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 8n }),
        taxBehavior: fc.constantFrom('exclusive' as const, 'inclusive' as const),
        taxCategory: fc.constantFrom('NG', 'GH', 'KE'),
        planId: fc.constantFrom('p', null),
        priceId: fc.constant(null),
      }),
      { maxLength: 10 },
    );
    const discounts = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 10_000 }).map((n) => percentage((n / 100).toFixed(2))),
        fc.bigInt({ min: 1n, max: 10n ** 8n }).map((amountLeft): Discount => {
          return { id: 'fix', kind: 'fixed', amountLeft, appliesTo: null, attachedAt: new Date(1) };
        }),
      ),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(lines, discounts, (given, offered) => {
        const taxOf = (one: InvoiceLineInput) => taxIn(one.taxCategory);
        const invoice = assembleInvoice({ lines: given, discounts: offered, taxOf });
        const sum = (pick: (one: (typeof invoice.lines)[number]) => bigint) =>
          invoice.lines.reduce((all, one) => all + pick(one), 0n);
        expect(sum((one) => one.discount)).toBe(invoice.discountTotal);
        expect(sum((one) => one.tax)).toBe(invoice.taxTotal);
        expect(sum((one) => one.net)).toBe(invoice.netTotal);
        expect(sum((one) => one.gross)).toBe(invoice.total);
        expect(invoice.taxes.reduce((all, tax) => all + tax.amount, 0n)).toBe(invoice.taxTotal);
        expect(given.reduce((all, one) => all + one.amount, 0n)).toBe(invoice.subtotal);
        for (const [index, one] of given.entries()) {
          const { discount, net, gross } = invoice.lines[index] ?? expect.fail();
          expect(one.amount - discount).toBe(one.taxBehavior === 'inclusive' ? gross : net);
        }
        if (given.every((one) => one.amount >= 0n)) expect(invoice.total >= 0n).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
