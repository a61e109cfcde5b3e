import type { CreditNoteSplit, Settlement } from './credit-note-types.js';

/** How far an invoice can still be taken back. */
export interface CreditLimits {
  /** Total of further credit notes: what is left of the invoice. */
  readonly creditable: bigint;
  /** How much of that would only make less of what is due. */
  readonly due: bigint;
  /** Money that can still go back the way it came. */
  readonly refundable: bigint;
}

/** What is still to be paid: the total less notes, less what was settled and not given back. Never below zero. */
export function amountDueOf(settlement: Settlement): bigint {
  return atLeastZero(settlement.total - settlement.credited - keptOf(settlement));
}

/** The limits of the next credit note of an issued invoice. */
export function creditLimitsOf(settlement: Settlement): CreditLimits {
  const { total, credited, paid, refunded } = settlement;
  return {
    creditable: atLeastZero(total - credited),
    due: amountDueOf(settlement),
    refundable: atLeastZero(smaller(paid - refunded, keptOf(settlement))),
  };
}

/**
 * Where a credit note's total goes. What is due is reduced first: nobody gets credit for money that never came. The
 * rest was settled, and goes back as asked: as money as far as money came and was not given back, else to the balance.
 *
 * @param wish `balance`, `refund` for as much as possible, or the exact amount to refund
 * @throws RangeError when the note or the refund is beyond the limits
 */
export function splitCreditNote({
  limits,
  total,
  wish,
}: {
  limits: CreditLimits;
  total: bigint;
  wish: 'balance' | 'refund' | { readonly refund: bigint };
}): CreditNoteSplit {
  if (total <= 0n || total > limits.creditable) {
    throw new RangeError(`Of the invoice, ${limits.creditable} is left to credit, not ${total}.`);
  }
  const toInvoice = smaller(total, limits.due);
  const rest = total - toInvoice;
  const refundable = smaller(rest, limits.refundable);
  const toRefund = wish === 'balance' ? 0n : wish === 'refund' ? refundable : wish.refund;
  if (toRefund < 0n || toRefund > refundable) {
    throw new RangeError(`Of the note, ${refundable} can be refunded, not ${toRefund}.`);
  }
  return { toInvoice, toRefund, toBalance: rest - toRefund };
}

/** What a refund without a credit note is taken from. */
export interface RefundSources {
  /** Credit that notes of this invoice had put on the balance: taken off it again. */
  readonly fromBalance: bigint;
  /** Money that the invoice was settled with: it is due again. */
  readonly reopened: bigint;
}

/**
 * Takes a refund that comes without a credit note from what the customer was given already: first the credit that
 * notes put on the balance and that is still there, so that nobody gets the same value twice; only then does it open
 * the invoice again. Refund and note may come in either order and end at the same balances.
 *
 * @param balance what is on the customer's balance now
 * @throws RangeError when more would go back than came and is there
 */
export function planRefund({
  settlement,
  balance,
  amount,
}: {
  settlement: Settlement;
  balance: bigint;
  amount: bigint;
}): RefundSources {
  const credit = smaller(settlement.toBalance, atLeastZero(balance));
  const most = smaller(settlement.paid - settlement.refunded, atLeastZero(keptOf(settlement)) + credit);
  if (amount <= 0n || amount > most) throw new RangeError(`${most} can be refunded, not ${amount}.`);
  const fromBalance = smaller(amount, credit);
  return { fromBalance, reopened: amount - fromBalance };
}

/** What the invoice was settled with and still holds. */
function keptOf({ paid, applied, refunded, toBalance }: Settlement): bigint {
  return paid + applied - refunded - toBalance;
}

function atLeastZero(amount: bigint): bigint {
  return amount < 0n ? 0n : amount;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
