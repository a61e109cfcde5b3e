import type { InvoiceLine } from '@nova/prisma-tenant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Settlement } from '../../domain/credit-notes/credit-note-types.js';
import { NOTHING_CREDITED } from '../../domain/credit-notes/credit-shares.js';
import type { CreditNoteRequest } from './credit-note-request.js';
import type { TouchedInvoiceLine } from './creditable-invoice.js';
import { planCreditNote } from './plan-credit-note.js';

/** A line over an amount with 20 % tax, of which something was credited already. */
function line(id: string, amount: bigint, creditedBefore = 0n): TouchedInvoiceLine {
  const taxOf = (net: bigint) => net / 5n;
  const share = { code: 'VAT', name: 'VAT', rate: '20' };
  const taxes = [{ ...share, base: amount, amount: taxOf(amount) }];
  return {
    // Planning names a line by its id and reads nothing else of its row.
    line: { id } as InvoiceLine,
    invoiceLine: {
      amount,
      discount: 0n,
      net: amount,
      tax: taxOf(amount),
      taxes,
      taxBehavior: 'exclusive',
    },
    alreadyCredited: {
      ...NOTHING_CREDITED,
      amount: creditedBefore,
      tax: taxOf(creditedBefore),
      taxes: [{ ...share, base: creditedBefore, amount: taxOf(creditedBefore) }],
    },
  };
}

function settled(of: Partial<Settlement>): Settlement {
  return { total: 0n, paid: 0n, applied: 0n, credited: 0n, refunded: 0n, toBalance: 0n, ...of };
}

const auto = (lines: CreditNoteRequest['lines']) => ({ lines, to: 'auto' as const });
const ask = (invoiceLineId: string, amount: bigint) => ({ invoiceLineId, amount });

describe('planning a credit note', () => {
  it('reduces what is due before it gives anything', () => {
    const settlement = settled({ total: 1_200n, paid: 700n });
    const plan = planCreditNote(auto([ask('a', 500n)]), [line('a', 1_000n)], settlement);
    expect(plan?.money.total).toBe(600n);
    expect(plan?.split).toEqual({ toInvoice: 500n, toBalance: 100n, toRefund: 0n });
  });

  it('cuts what a program asks beyond the rest of a line, and refuses it to a person', () => {
    const touched = [line('a', 1_000n, 800n)];
    const settlement = settled({ total: 1_200n, credited: 960n });
    expect(planCreditNote(auto([ask('a', 500n)]), touched, settlement)?.money.subtotal).toBe(200n);
    const person = { ...auto([ask('a', 500n)]), beyond: 'refuse' as const };
    expect(() => planCreditNote(person, touched, settlement)).toThrow(/left of a line/);
  });

  it('gives back no more than the invoice where a maximum took something off its lines', () => {
    const touched = [line('usage', 1_000n), line('maximum', -200n)];
    const settlement = settled({ total: 960n });
    expect(planCreditNote(auto([ask('usage', 1_000n)]), touched, settlement)?.money.total).toBe(960n);
    const all = planCreditNote(auto('all'), touched, settlement);
    expect(all?.money).toMatchObject({ subtotal: 800n, taxTotal: 160n, total: 960n });
  });

  it('stays within what is due where it may only reduce that', () => {
    const touched = [line('a', 1_000n)];
    const settlement = settled({ total: 1_200n, paid: 900n });
    const program = { lines: 'all', to: 'invoice' } as const;
    expect(planCreditNote(program, touched, settlement)?.split).toEqual({
      toInvoice: 300n,
      toBalance: 0n,
      toRefund: 0n,
    });
    const person = { ...program, beyond: 'refuse' as const };
    expect(() => planCreditNote(person, touched, settlement)).toThrow(/300 is due/);
  });

  it('is nothing where nothing is left', () => {
    const touched = [line('a', 1_000n, 1_000n)];
    const settlement = settled({ total: 1_200n, credited: 1_200n });
    expect(planCreditNote(auto('all'), touched, settlement)).toBeNull();
    expect(planCreditNote(auto([ask('a', 5n)]), touched, settlement)).toBeNull();
    expect(planCreditNote(auto({ total: 5n }), touched, settlement)).toBeNull();
  });

  it('names lines of the invoice, each once', () => {
    const touched = [line('a', 1_000n)];
    const settlement = settled({ total: 1_200n });
    expect(() => planCreditNote(auto([ask('b', 1n)]), touched, settlement)).toThrow(/not one of/);
    expect(() => planCreditNote(auto([ask('a', 1n), ask('a', 1n)]), touched, settlement)).toThrow(/twice/);
  });

  it('always comes to its parts, and never to more than is left', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10_000n });
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 5 }),
        amounts,
        amounts,
        (lines, asked, paid) => {
          const touched = lines.map((amount, index) => line(`${index}`, amount));
          const total = touched.reduce((sum, { invoiceLine }) => sum + invoiceLine.net + invoiceLine.tax, 0n);
          const settlement = settled({ total, paid: paid > total ? total : paid });
          const plan = planCreditNote({ lines: { total: asked }, to: 'refund' }, touched, settlement);
          const { toInvoice = 0n, toBalance = 0n, toRefund = 0n } = plan?.split ?? {};
          expect(plan?.money.total).toBe(asked > total ? total : asked);
          expect(toInvoice + toBalance + toRefund).toBe(plan?.money.total);
          expect(toRefund).toBeLessThanOrEqual(settlement.paid);
          expect(plan?.money.lines.reduce((sum, { gross }) => sum + gross, 0n)).toBe(plan?.money.total);
        },
      ),
    );
  });
});
