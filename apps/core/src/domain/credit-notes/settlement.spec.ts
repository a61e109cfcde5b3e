import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Settlement } from './credit-note-types.js';
import { REFUND_CASE_AMOUNTS, REFUND_CASES } from './credit-notes.cases.js';
import { amountDueOf, creditLimitsOf, planRefund, splitCreditNote } from './settlement.js';

function settlement(given: Partial<Settlement> = {}): Settlement {
  return { total: 10_000n, paid: 0n, applied: 0n, credited: 0n, refunded: 0n, toBalance: 0n, ...given };
}

/** What the books say after a credit note. */
function afterNote(before: Settlement, total: bigint, wish: Parameters<typeof splitCreditNote>[0]['wish']) {
  const split = splitCreditNote({ limits: creditLimitsOf(before), total, wish });
  const after = {
    ...before,
    credited: before.credited + total,
    refunded: before.refunded + split.toRefund,
    toBalance: before.toBalance + split.toBalance,
  };
  return { split, after };
}

describe('limits', () => {
  it.each([
    ['unpaid', {}, { creditable: 10_000n, due: 10_000n, refundable: 0n }],
    ['paid', { paid: 10_000n }, { creditable: 10_000n, due: 0n, refundable: 10_000n }],
    ['partly paid', { paid: 3000n }, { creditable: 10_000n, due: 7000n, refundable: 3000n }],
    ['paid from the balance', { applied: 10_000n }, { creditable: 10_000n, due: 0n, refundable: 0n }],
    ['partly credited', { credited: 4000n }, { creditable: 6000n, due: 6000n, refundable: 0n }],
    [
      'credited to the balance',
      { paid: 10_000n, credited: 4000n, toBalance: 4000n },
      { creditable: 6000n, due: 0n, refundable: 6000n },
    ],
    [
      'refunded without a note',
      { paid: 10_000n, refunded: 4000n },
      { creditable: 10_000n, due: 4000n, refundable: 6000n },
    ],
    ['overpaid', { paid: 12_000n }, { creditable: 10_000n, due: 0n, refundable: 12_000n }],
    ['credited in full', { credited: 10_000n }, { creditable: 0n, due: 0n, refundable: 0n }],
  ])('of an invoice that is %s', (_what, given, limits) => {
    expect(creditLimitsOf(settlement(given))).toEqual(limits);
    expect(amountDueOf(settlement(given))).toBe(limits.due);
  });
});

describe('a credit note', () => {
  it('reduces what is due before anything goes back', () => {
    const { split, after } = afterNote(settlement({ paid: 3000n }), 8000n, 'refund');
    expect(split).toEqual({ toInvoice: 7000n, toRefund: 1000n, toBalance: 0n });
    expect(amountDueOf(after)).toBe(0n);
  });

  it('goes back the way the invoice was settled: 80.00 to the card, 20.00 to the balance', () => {
    const { split } = afterNote(settlement({ paid: 8000n, applied: 2000n }), 10_000n, 'refund');
    expect(split).toEqual({ toInvoice: 0n, toRefund: 8000n, toBalance: 2000n });
  });

  it('refunds as much as was asked for, within what can be', () => {
    const paid = settlement({ paid: 10_000n });
    expect(afterNote(paid, 5000n, { refund: 2000n }).split).toEqual({
      toInvoice: 0n,
      toRefund: 2000n,
      toBalance: 3000n,
    });
    expect(afterNote(paid, 5000n, 'balance').split.toBalance).toBe(5000n);
    expect(() => afterNote(paid, 5000n, { refund: 5001n })).toThrow('5000 can be refunded');
    expect(() => afterNote(paid, 5000n, { refund: -1n })).toThrow(RangeError);
    expect(() => afterNote(settlement(), 5000n, { refund: 1n })).toThrow(RangeError);
  });

  it('is above zero and not above what is left', () => {
    for (const total of [0n, -1n, 10_001n]) {
      expect(() => afterNote(settlement(), total, 'balance')).toThrow(RangeError);
    }
    expect(() => afterNote(settlement({ credited: 6000n }), 4001n, 'balance')).toThrow('4000 is left');
  });
});

describe('refunds and credits of the same value', () => {
  it.each(REFUND_CASES)('$id', ({ steps }) => {
    const { total, paid, amount } = REFUND_CASE_AMOUNTS;
    let books = settlement({ total, paid });
    let balance = 0n;
    for (const step of steps) {
      if (step === 'credit') {
        const { split, after } = afterNote(books, amount, 'balance');
        [books, balance] = [after, balance + split.toBalance];
      } else {
        const { fromBalance } = planRefund({ settlement: books, balance, amount });
        books = { ...books, refunded: books.refunded + amount, toBalance: books.toBalance - fromBalance };
        balance -= fromBalance;
      }
    }
    expect([balance, amountDueOf(books)]).toEqual([0n, 0n]);
  });

  it('open the invoice again only beyond the credit that is still there', () => {
    const books = settlement({ paid: 10_000n, credited: 4000n, toBalance: 4000n });
    expect(planRefund({ settlement: books, balance: 9000n, amount: 5000n })).toEqual({
      fromBalance: 4000n,
      reopened: 1000n,
    });
    expect(planRefund({ settlement: books, balance: 1000n, amount: 7000n })).toEqual({
      fromBalance: 1000n,
      reopened: 6000n,
    });
    expect(() => planRefund({ settlement: books, balance: 1000n, amount: 7001n })).toThrow(
      '7000 can be refunded',
    );
    expect(() => planRefund({ settlement: books, balance: -5n, amount: 6001n })).toThrow(RangeError);
    expect(() => planRefund({ settlement: books, balance: 0n, amount: 0n })).toThrow(RangeError);
    const partlyRefunded = settlement({ paid: 10_000n, applied: 5000n, refunded: 4000n });
    expect(() => planRefund({ settlement: partlyRefunded, balance: 0n, amount: 6001n })).toThrow(
      '6000 can be refunded',
    );
    const fromBalance = settlement({ applied: 10_000n });
    expect(() => planRefund({ settlement: fromBalance, balance: 0n, amount: 1n })).toThrow(RangeError);
  });

  it('never give back more than came, and account for every unit', () => {
    const steps = fc.array(
      fc.record({
        part: fc.bigInt({ min: 1n, max: 100n }),
        wish: fc.constantFrom('balance' as const, 'refund' as const),
      }),
      { maxLength: 6 },
    );
    const amount = fc.bigInt({ min: 0n, max: 10_000n });
    fc.assert(
      fc.property(amount, amount, steps, (paid, appliedMost, given) => {
        const applied = appliedMost > 10_000n - paid ? 10_000n - paid : appliedMost;
        let books = settlement({ paid, applied });
        for (const { part, wish } of given) {
          const { creditable, due } = creditLimitsOf(books);
          const total = (creditable * part + 99n) / 100n;
          if (total === 0n) break;
          const { split, after } = afterNote(books, total, wish);
          expect(split.toInvoice + split.toRefund + split.toBalance).toBe(total);
          expect(amountDueOf(after)).toBe(due - split.toInvoice);
          expect(after.refunded <= paid).toBe(true);
          expect(after.refunded + after.toBalance <= paid + applied).toBe(true);
          books = after;
        }
      }),
    );
  });
});
