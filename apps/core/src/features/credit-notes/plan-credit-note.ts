import {
  type AssembledCreditNote,
  assembleCreditNote,
  type CreditedLine,
  spreadCredit,
} from '../../domain/credit-notes/assemble-credit-note.js';
import type { CreditNoteSplit, Settlement } from '../../domain/credit-notes/credit-note-types.js';
import { creditableAmount, creditShares } from '../../domain/credit-notes/credit-shares.js';
import { creditLimitsOf, splitCreditNote } from '../../domain/credit-notes/settlement.js';
import { allocate } from '../../domain/money/allocate.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { CreditedInvoiceLine, CreditNoteRequest } from './credit-note-request.js';
import type { TouchedInvoiceLine } from './creditable-invoice.js';
import { creditExceedsInvoice, refundExceedsPayments } from './credit-notes.errors.js';

/** A credited line and what is asked of it. */
export interface PlannedLine {
  readonly touched: TouchedInvoiceLine;
  readonly asked: CreditedInvoiceLine;
}

/** The money of a note that is to be. `lines` and the lines of `money` are in the same order. */
export interface PlannedCreditNote {
  readonly lines: readonly PlannedLine[];
  readonly money: AssembledCreditNote;
  readonly split: CreditNoteSplit;
}

type Asked = Pick<CreditNoteRequest, 'lines' | 'to' | 'refundAmount' | 'beyond'>;

/**
 * Works out a credit note. Amounts beyond what is left of their lines, or of the invoice, are cut or refused as the
 * request says.
 * @returns null when nothing is left to credit
 * @throws invalidRequest, creditExceedsInvoice, refundExceedsPayments
 */
export function planCreditNote(
  asked: Asked,
  touched: readonly TouchedInvoiceLine[],
  settlement: Settlement,
): PlannedCreditNote | null {
  const limits = creditLimitsOf(settlement);
  const most = asked.to === 'invoice' ? limits.due : limits.creditable;
  const lines = linesOf(asked, touched);
  refuseBeyond(asked, most);
  const wanted = assembleCreditNote(lines.map(({ credited }) => credited));
  if (wanted.total > most && asked.beyond === 'refuse') throw beyond(asked, most, wanted.total);
  const money = wanted.total > most ? cutTo(lines, wanted, most) : wanted;
  if (money.total <= 0n) return null;
  const wish = asked.refundAmount === undefined ? wishOf(asked.to) : { refund: asked.refundAmount };
  const refundable = min(money.total - min(money.total, limits.due), limits.refundable);
  if (typeof wish === 'object' && wish.refund > refundable) {
    throw refundExceedsPayments(`Of this credit, ${refundable} can be refunded.`, {
      errors: [{ pointer: '/refundAmount', code: 'too_much', message: `must be at most ${refundable}` }],
    });
  }
  return { lines, money, split: splitCreditNote({ limits, total: money.total, wish }) };
}

/** Of a sum that is spread, what is too much is known before it is. */
function refuseBeyond(asked: Asked, most: bigint): void {
  const { lines, beyond: policy } = asked;
  if (policy !== 'refuse' || lines === 'all' || !('total' in lines) || lines.total <= most) return;
  throw beyond(asked, most, lines.total);
}

function wishOf(to: CreditNoteRequest['to']): 'balance' | 'refund' {
  return to === 'refund' ? 'refund' : 'balance';
}

type Line = PlannedLine & { readonly credited: CreditedLine };

function linesOf({ lines, beyond: policy }: Asked, touched: readonly TouchedInvoiceLine[]): Line[] {
  if (lines === 'all') return restsOf(touched);
  if ('total' in lines) return spreadOver(touched, lines.total);
  return lines.flatMap((asked, index): Line[] => {
    const of = touched.find(({ line }) => line.id === asked.invoiceLineId);
    if (!of) throw notOfInvoice(index);
    if (lines.findIndex(({ invoiceLineId }) => invoiceLineId === asked.invoiceLineId) !== index) {
      throw namedTwice(index);
    }
    const { invoiceLine, alreadyCredited } = of;
    const rest = creditableAmount(invoiceLine, alreadyCredited);
    const amount = within(asked.amount, rest);
    if (policy === 'refuse' && amount !== asked.amount) throw beyondLine(index, rest);
    return amount === 0n ? [] : [{ touched: of, asked, credited: { invoiceLine, alreadyCredited, amount } }];
  });
}

function restsOf(touched: readonly TouchedInvoiceLine[]): Line[] {
  return touched.flatMap((of): Line[] => {
    const { invoiceLine, alreadyCredited } = of;
    const amount = creditableAmount(invoiceLine, alreadyCredited);
    const asked = { invoiceLineId: of.line.id, amount };
    return amount === 0n ? [] : [{ touched: of, asked, credited: { invoiceLine, alreadyCredited, amount } }];
  });
}

function spreadOver(touched: readonly TouchedInvoiceLine[], total: bigint): Line[] {
  const most = touched.reduce((sum, one) => sum + restGross(one), 0n);
  return spreadCredit(touched, min(total, most)).flatMap((credited, index): Line[] => {
    const of = touched[index];
    if (!of || ('gross' in credited && credited.gross === 0n)) return [];
    return [{ touched: of, asked: { invoiceLineId: of.line.id, amount: 0n }, credited }];
  });
}

/** What is left of a line with tax, of those that charge something. */
function restGross({ invoiceLine, alreadyCredited }: TouchedInvoiceLine): bigint {
  if (invoiceLine.amount <= 0n) return 0n;
  return creditShares({
    invoiceLine,
    alreadyCredited,
    amount: creditableAmount(invoiceLine, alreadyCredited),
  }).gross;
}

/** Makes less of a note by making less of each line that gives something, in proportion. */
function cutTo(lines: readonly Line[], wanted: AssembledCreditNote, most: bigint): AssembledCreditNote {
  const given = wanted.lines.map(({ gross }) => (gross > 0n ? gross : 0n));
  const parts = allocate(most, given);
  return assembleCreditNote(
    lines.map(({ credited: { invoiceLine, alreadyCredited } }, index) => ({
      invoiceLine,
      alreadyCredited,
      gross: parts[index] ?? 0n,
    })),
  );
}

/** As much of an amount as is left, whichever sign the line has. */
function within(amount: bigint, rest: bigint): bigint {
  if (rest >= 0n) return amount < 0n ? 0n : min(amount, rest);
  return amount > 0n ? 0n : -min(-amount, -rest);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function notOfInvoice(index: number): Error {
  const message = 'is no line of the invoice';
  return invalidRequest('A line is not one of the invoice’s.', {
    errors: [{ pointer: `/lines/${index}/invoiceLineId`, code: 'not_found', message }],
  });
}

function namedTwice(index: number): Error {
  return invalidRequest('A line is named twice.', {
    errors: [{ pointer: `/lines/${index}/invoiceLineId`, code: 'duplicate', message: 'is named before' }],
  });
}

function beyondLine(index: number, rest: bigint): Error {
  const message = `must be at most ${rest}, which is left of the line`;
  return creditExceedsInvoice('The credit is more than what is left of a line.', {
    errors: [{ pointer: `/lines/${index}/amount`, code: 'too_much', message }],
  });
}

function beyond({ to }: Asked, most: bigint, total: bigint): Error {
  const what = to === 'invoice' ? 'is due on the invoice' : 'is left of the invoice';
  return creditExceedsInvoice(`${most} ${what}, less than the ${total} of this credit.`);
}
