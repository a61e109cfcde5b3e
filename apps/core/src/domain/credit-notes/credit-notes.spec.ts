import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addDays, localDate } from '../calendar/periods.js';
import type { Discount } from '../coupons/discount-types.js';
import { assembleInvoice } from '../invoices/assemble-invoice.js';
import { toDecimal } from '../money/decimal.js';
import { divideHalfAwayFromZero } from '../money/percentage.js';
import type { TaxBehavior, TaxComponent } from '../tax/tax-types.js';
import { assembleCreditNote, spreadCredit } from './assemble-credit-note.js';
import type { AlreadyCredited, CreditableLine, CreditShares } from './credit-note-types.js';
import {
  CREDIT_NOTE_CASES,
  CREDIT_NOTE_CASES_NOT_RUN,
  type CreditNoteCase,
  REFUND_CASES,
  TERMINATION_CASES,
} from './credit-notes.cases.js';
import {
  creditableAmount,
  creditShares,
  creditSharesOfGross,
  NOTHING_CREDITED,
  sumCredited,
} from './credit-shares.js';
import { creditLimitsOf, splitCreditNote } from './settlement.js';

function component(code: string, rate: string): TaxComponent {
  return { code, name: code, rate: toDecimal(rate), compound: false, validFrom: null, validTo: null };
}

function issue({
  lines,
  fixedDiscount,
  percentDiscount,
}: Pick<CreditNoteCase, 'lines' | 'fixedDiscount' | 'percentDiscount'>) {
  const common = { id: 'dsc', appliesTo: { planIds: [], priceIds: ['price'] }, attachedAt: new Date(0) };
  const discounts: Discount[] = [];
  if (fixedDiscount) discounts.push({ ...common, kind: 'fixed', amountLeft: fixedDiscount });
  if (percentDiscount) discounts.push({ ...common, kind: 'percentage', percent: toDecimal(percentDiscount) });
  const inputs = lines.map((line) => ({
    amount: line.amount,
    taxCategory: 'standard',
    taxBehavior: 'exclusive' as const,
    planId: null,
    priceId: line.discounted === 'no' ? null : 'price',
    components: line.rates.map((rate, index) => component(`T${index}`, rate)),
  }));
  const invoice = assembleInvoice({
    lines: inputs,
    discounts,
    taxOf: ({ components }) => ({ components, reason: null }),
  });
  const creditable = invoice.lines.map((line, index): CreditableLine => ({
    ...line,
    amount: inputs[index]?.amount ?? 0n,
    taxBehavior: 'exclusive',
  }));
  return { invoice, creditable };
}

describe('cases of open billing engines', () => {
  it.each(CREDIT_NOTE_CASES)('$id', (given) => {
    const { invoice, creditable } = issue(given);
    if (given.invoice) expect(invoice).toMatchObject(given.invoice);
    const note = assembleCreditNote(
      given.credited.map(({ line, ...what }) => ({
        ...what,
        invoiceLine: creditable[line] ?? expect.fail(),
        alreadyCredited: NOTHING_CREDITED,
      })),
    );
    for (const key of ['discountTotal', 'netTotal', 'taxTotal', 'total'] as const) {
      if (given[key] !== undefined) expect(note[key]).toBe(given[key]);
    }
    for (const { rate, amount } of given.taxes ?? []) {
      expect(note.taxes.find((tax) => tax.rate === rate)?.amount).toBe(amount);
    }
    if (given.firstLine) expect(note.lines[0]).toMatchObject(given.firstLine);
    if (given.paid === undefined) return;
    const none = { applied: 0n, credited: 0n, refunded: 0n, toBalance: 0n };
    const limits = creditLimitsOf({ total: invoice.total, paid: given.paid, ...none });
    if (given.refundable !== undefined) expect(limits.refundable).toBe(given.refundable);
    const wish = given.wish ?? 'refund';
    if (given.split) expect(splitCreditNote({ limits, total: note.total, wish })).toEqual(given.split);
  });

  it.each(TERMINATION_CASES)('$id', ({ amount, period, terminatedAt, timeZone, ...expected }) => {
    const { netTotal, taxTotal, total } = expected;
    const days = (from: string, to: string) => BigInt((Date.parse(to) - Date.parse(from)) / 86_400_000);
    const end = addDays(localDate(new Date(terminatedAt), timeZone), 1);
    const unused = divideHalfAwayFromZero(amount * days(end, period[1]), days(...period));
    const { creditable } = issue({ lines: [{ amount, rates: ['20'] }] });
    const invoiceLine = creditable[0] ?? expect.fail();
    const note = assembleCreditNote([{ invoiceLine, alreadyCredited: NOTHING_CREDITED, amount: unused }]);
    expect(note).toMatchObject({ netTotal, taxTotal, total });
  });

  it('are all of credit_note_*, refund_vs_credit and void_invoice', () => {
    const ids = [CREDIT_NOTE_CASES, TERMINATION_CASES, REFUND_CASES, CREDIT_NOTE_CASES_NOT_RUN].flatMap(
      (cases) => cases.map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(22);
    expect(ids).toHaveLength(22);
  });
});

describe('a line', () => {
  const line: CreditableLine = {
    amount: 1000n,
    discount: 100n,
    net: 900n,
    tax: 90n,
    taxes: [{ code: 'VAT', name: 'VAT', rate: '10', base: 900n, amount: 90n }],
    taxBehavior: 'exclusive',
  };
  const rest = (amount: bigint): AlreadyCredited => ({ ...NOTHING_CREDITED, amount });

  it('can be credited up to what is left of it', () => {
    expect(creditableAmount(line, rest(400n))).toBe(600n);
    const credit = (amount: bigint) =>
      creditShares({ invoiceLine: line, alreadyCredited: rest(400n), amount });
    expect(credit(600n).amount).toBe(600n);
    expect(() => credit(601n)).toThrow('600 is left');
    expect(() => credit(-1n)).toThrow(RangeError);
    const byGross = (gross: bigint) =>
      creditSharesOfGross({ invoiceLine: line, alreadyCredited: NOTHING_CREDITED, gross });
    expect(byGross(990n)).toMatchObject({ amount: 1000n, discount: 100n, net: 900n, tax: 90n, gross: 990n });
    expect(() => byGross(991n)).toThrow('990 with tax is left');
    expect(() => byGross(-1n)).toThrow(RangeError);
  });

  it.each([
    ['exclusive', 900n, { discount: 30n, net: 270n, tax: 27n, gross: 297n }],
    ['inclusive', 810n, { discount: 30n, net: 243n, tax: 27n, gross: 270n }],
  ] as const)('whose price is %s of tax is given back by thirds, each of them the same', (...given) => {
    const [taxBehavior, net, third] = given;
    const taxes = line.taxes.map((tax) => ({ ...tax, base: net }));
    const invoiceLine: CreditableLine = { ...line, net, taxes, taxBehavior };
    let [byAmount, byGross] = [NOTHING_CREDITED, NOTHING_CREDITED];
    for (const amount of [300n, 300n, 300n]) {
      const note = creditShares({ invoiceLine, alreadyCredited: byAmount, amount });
      const same = creditSharesOfGross({ invoiceLine, alreadyCredited: byGross, gross: third.gross });
      expect(note).toMatchObject({ amount, ...third });
      expect(same).toEqual(note);
      [byAmount, byGross] = [sumCredited([byAmount, note]), sumCredited([byGross, same])];
    }
    expect(byAmount).toMatchObject({ amount: 900n, discount: 90n, tax: 81n });
  });

  it('of a few units gives back no more tax than there is price', () => {
    const taxes = [{ code: 'VAT', name: 'VAT', rate: '25', base: 3n, amount: 1n }];
    const invoiceLine = {
      amount: 5n,
      discount: 1n,
      net: 3n,
      tax: 1n,
      taxes,
      taxBehavior: 'inclusive',
    } as const;
    const first = creditShares({ invoiceLine, alreadyCredited: NOTHING_CREDITED, amount: 2n });
    expect(first).toMatchObject({ discount: 0n, net: 2n, tax: 0n });
    // Three fifths of the discount and of the tax are one unit each, and the price of the third unit is the discount.
    const second = creditShares({ invoiceLine, alreadyCredited: first, amount: 1n });
    expect(second).toMatchObject({ discount: 1n, net: 0n, tax: 0n, gross: 0n });
    const alreadyCredited = sumCredited([first, second]);
    const last = creditShares({ invoiceLine, alreadyCredited, amount: 2n });
    expect(last).toMatchObject({ discount: 0n, net: 1n, tax: 1n, gross: 2n });
    const nothing = creditSharesOfGross({ invoiceLine, alreadyCredited: first, gross: 0n });
    expect(nothing).toMatchObject({ net: 0n, tax: 0n });
  });

  it('that is a credit itself is given back with its sign', () => {
    const { taxes } = line;
    const credit: CreditableLine = {
      ...line,
      amount: -1000n,
      discount: 0n,
      net: -1000n,
      tax: -100n,
      taxes: taxes.map((tax) => ({ ...tax, base: -1000n, amount: -100n })),
    };
    const half = creditShares({ invoiceLine: credit, alreadyCredited: NOTHING_CREDITED, amount: -500n });
    expect(half).toMatchObject({ amount: -500n, net: -500n, tax: -50n, gross: -550n });
    const other = creditSharesOfGross({ invoiceLine: credit, alreadyCredited: half, gross: -550n });
    expect(other).toMatchObject({ amount: -500n, net: -500n, tax: -50n });
    expect(other.taxes[0]).toMatchObject({ base: -500n, amount: -50n });
    const again = { invoiceLine: credit, alreadyCredited: sumCredited([half, other]) };
    expect(() => creditShares({ ...again, amount: -1n })).toThrow(RangeError);
    expect(() => creditShares({ ...again, amount: 1n })).toThrow(RangeError);
  });

  it('over nothing is credited as nothing', () => {
    const free = { ...line, discount: 1000n, net: 0n, tax: 0n, taxes: [] };
    const byGross = creditSharesOfGross({ invoiceLine: free, alreadyCredited: NOTHING_CREDITED, gross: 0n });
    expect(byGross).toMatchObject({ amount: 0n, gross: 0n });
    const all = creditShares({ invoiceLine: free, alreadyCredited: NOTHING_CREDITED, amount: 1000n });
    expect(all).toMatchObject({ discount: 1000n, net: 0n, tax: 0n, gross: 0n });
  });
});

describe('any notes on a line', () => {
  const rates = fc.array(fc.record({ rate: fc.integer({ min: 0, max: 30_000 }), compound: fc.boolean() }), {
    maxLength: 4,
  });
  const issued = fc
    .record({
      // With a few units rounding is a large part of what there is.
      amount: fc.oneof(fc.bigInt({ min: 1n, max: 60n }), fc.bigInt({ min: 1n, max: 10n ** 6n })),
      other: fc.bigInt({ min: 0n, max: 10n ** 4n }),
      off: fc.oneof(fc.bigInt({ min: 0n, max: 60n }), fc.bigInt({ min: 0n, max: 10n ** 6n })),
      rates,
      taxBehavior: fc.constantFrom<TaxBehavior>('exclusive', 'inclusive'),
    })
    .map(({ amount, other, off, rates: given, taxBehavior }) => {
      const components = given.map(({ rate, compound }, index) => ({
        ...component(`T${index}`, (rate / 1000).toFixed(3)),
        compound,
      }));
      const common = { taxCategory: 'standard', taxBehavior, planId: null, priceId: null };
      const { lines } = assembleInvoice({
        lines: [
          { ...common, amount },
          { ...common, amount: other },
        ],
        discounts: [{ id: 'd', kind: 'fixed', amountLeft: off, appliesTo: null, attachedAt: new Date(0) }],
        taxOf: () => ({ components, reason: null }),
      });
      return { ...(lines[0] ?? expect.fail()), amount, taxBehavior };
    });
  const cuts = fc.array(
    fc.record({ part: fc.bigInt({ min: 0n, max: 1000n }), by: fc.constantFrom('amount', 'gross') }),
    {
      maxLength: 6,
    },
  );

  it('add up to its discount, net, tax and gross, and none is below zero', () => {
    fc.assert(
      fc.property(issued, cuts, (invoiceLine, given) => {
        let already = NOTHING_CREDITED;
        const notes: CreditShares[] = [];
        for (const { part, by } of [...given, { part: 1000n, by: 'amount' }]) {
          const credited = sumCredited(notes);
          const grossLeft =
            invoiceLine.net + invoiceLine.tax - notes.reduce((sum, note) => sum + note.gross, 0n);
          const note =
            by === 'amount'
              ? creditShares({
                  invoiceLine,
                  alreadyCredited: already,
                  amount: (creditableAmount(invoiceLine, already) * part) / 1000n,
                })
              : creditSharesOfGross({
                  invoiceLine,
                  alreadyCredited: already,
                  gross: (grossLeft * part) / 1000n,
                });
          for (const key of ['amount', 'discount', 'net', 'tax', 'gross'] as const) {
            expect(note[key] >= 0n).toBe(true);
          }
          expect(note.net + note.tax).toBe(note.gross);
          expect(note.amount - note.discount).toBe(
            invoiceLine.taxBehavior === 'exclusive' ? note.net : note.gross,
          );
          expect(note.taxes.reduce((sum, tax) => sum + tax.amount, 0n)).toBe(note.tax);
          expect(note.taxes.every((tax) => tax.amount >= 0n)).toBe(true);
          notes.push(note);
          already = sumCredited(notes);
          expect(credited.amount + note.amount).toBe(already.amount);
        }
        expect(already).toMatchObject({
          amount: invoiceLine.amount,
          discount: invoiceLine.discount,
          tax: invoiceLine.tax,
        });
        expect(notes.reduce((sum, note) => sum + note.net, 0n)).toBe(invoiceLine.net);
        expect(already.taxes.map((tax) => [tax.code, tax.base, tax.amount])).toEqual(
          invoiceLine.taxes.map((tax) => [tax.code, tax.base, tax.amount]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('by amount alone are cumulative shares, rounded', () => {
    fc.assert(
      fc.property(issued, fc.bigInt({ min: 0n, max: 1000n }), (invoiceLine, part) => {
        const amount = (invoiceLine.amount * part) / 1000n;
        const note = creditShares({ invoiceLine, alreadyCredited: NOTHING_CREDITED, amount });
        expect(note.discount).toBe(divideHalfAwayFromZero(invoiceLine.discount * amount, invoiceLine.amount));
        if (invoiceLine.taxBehavior === 'exclusive') {
          expect(note.tax).toBe(divideHalfAwayFromZero(invoiceLine.tax * amount, invoiceLine.amount));
        }
      }),
    );
  });
});

describe('spreadCredit', () => {
  it('takes a sum with tax from lines in proportion to what is left of them', () => {
    const { creditable } = issue({
      lines: [
        { amount: 10_000n, rates: ['20'] },
        { amount: 5000n, rates: ['20'] },
        { amount: -1000n, rates: ['20'] },
      ],
    });
    const touched = creditable.map((invoiceLine) => ({ invoiceLine, alreadyCredited: NOTHING_CREDITED }));
    const note = assembleCreditNote(spreadCredit(touched, 1000n));
    expect(note.lines.map((line) => line.gross)).toEqual([667n, 333n, 0n]);
    expect(note.total).toBe(1000n);
    expect(note.taxes).toHaveLength(1);
    expect(note.taxes[0]).toMatchObject({ amount: note.taxTotal, base: note.netTotal });
    expect(assembleCreditNote(spreadCredit(touched, 18_000n)).lines[0]?.amount).toBe(10_000n);
    expect(() => spreadCredit(touched, 18_001n)).toThrow('18000 is left');
    expect(() => spreadCredit(touched, -1n)).toThrow(RangeError);
  });

  it('knows what a note has left of a discounted line', () => {
    const { creditable } = issue({ lines: [{ amount: 10_000n, rates: ['20'] }], fixedDiscount: 1000n });
    const invoiceLine = creditable[0] ?? expect.fail();
    const half = creditShares({ invoiceLine, alreadyCredited: NOTHING_CREDITED, amount: 5000n });
    expect(half).toMatchObject({ discount: 500n, tax: 900n, gross: 5400n });
    const touched = [{ invoiceLine, alreadyCredited: half }];
    expect(assembleCreditNote(spreadCredit(touched, 5400n)).subtotal).toBe(5000n);
    expect(() => spreadCredit(touched, 5401n)).toThrow('5400 is left');
  });

  it('knows what is left of prices with tax', () => {
    const invoiceLine: CreditableLine = {
      amount: 1200n,
      discount: 0n,
      net: 1000n,
      tax: 200n,
      taxes: [{ code: 'VAT', name: 'VAT', rate: '20', base: 1000n, amount: 200n }],
      taxBehavior: 'inclusive',
    };
    const half = creditShares({ invoiceLine, alreadyCredited: NOTHING_CREDITED, amount: 600n });
    const touched = [{ invoiceLine, alreadyCredited: half }];
    expect(assembleCreditNote(spreadCredit(touched, 600n))).toMatchObject({ total: 600n, taxTotal: 100n });
    expect(() => spreadCredit(touched, 601n)).toThrow(RangeError);
  });
});
