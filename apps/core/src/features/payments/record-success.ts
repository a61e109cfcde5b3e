import type { Payment } from '@nova/prisma-tenant';

import { paymentStates } from '../../domain/payments/payment-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { keepSavedMethod } from '../payment-methods/keep-saved-method.js';
import { parkAnew, parkMoney } from '../unmatched-payments/park-money.js';
import { claimParked, givenElsewhere } from '../unmatched-payments/resolve-parked.js';
import { changePayment } from './change-payment.js';
import { failPayment } from './fail-payment.js';
import type { VerifyOutcome } from './providers/outcomes.js';
import { takeMoney, takesMoney } from './take-money.js';
import { unsettledNote } from './unsettled-note.js';

export type Success = Extract<VerifyOutcome, { kind: 'succeeded' }>;

/** The provider's id belongs to what the money is, or becomes, in the books. */
const NAMELESS = { providerPaymentId: null } as const;

/**
 * Records that the money of an attempt came, however late. Its invoice takes it as far as it can: what is more than due goes to
 * the customer's balance, and money for an invoice that takes none is parked beside the payment. Hold the invoice's row.
 */
export async function recordSuccess(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  success: Success,
): Promise<Payment> {
  if (!paymentStates.canMove(payment.status, 'succeed')) return payment;
  const { provider } = payment;
  const { providerPaymentId, receipt = null } = success;
  const ids = [providerPaymentId, receipt];
  const elsewhere = await givenElsewhere(tx, { provider, ids, paymentId: payment.id });
  if (elsewhere !== null) {
    return failPayment(ctx, tx, payment, { code: 'counted_already', message: elsewhere }, NAMELESS);
  }
  if (success.amount !== payment.amount || success.currency !== payment.currency) {
    return park(ctx, tx, payment, success);
  }
  const invoice = await tx.db.invoice.findUniqueOrThrow({ where: { id: payment.invoiceId } });
  const { id: paymentId, amount, checkoutSessionId } = payment;
  const isTaken = takesMoney(invoice);
  // What was parked as this money, before that was known, is nobody's to clear any more.
  const claimed = isTaken ? ids : ids.filter((one) => one !== providerPaymentId);
  await claimParked(ctx, tx, { provider, ids: claimed, paymentId });
  const excess = isTaken ? await takeMoney(ctx, tx, { invoice, paymentId, amount, checkoutSessionId }) : 0n;
  const succeeded = await changePayment(ctx, tx, payment, {
    status: paymentStates.next(payment.status, 'succeed'),
    providerPaymentId,
    receipt: receipt ?? payment.receipt,
    payer: success.payer ?? payment.payer,
    excess,
    actionUrl: null,
    succeededAt: ctx.clock.now(),
    failedAt: null,
    failureCode: null,
    failureMessage: null,
    nextCheckAt: null,
    note: isTaken ? null : unsettledNote(invoice),
  });
  if (payment.savesMethod && success.saved) await keepSavedMethod(ctx, tx, payment, success.saved);
  if (!isTaken) await parkAnew(ctx, tx, { ...parkedOf(succeeded, success), reason: 'invoice_not_open' });
  return succeeded;
}

/**
 * Other money than was asked for pays nothing by itself: a person says what becomes of it. The attempt has failed, so that
 * the invoice can be paid, and leaves the provider's id to the payment that the money may become.
 */
async function park(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  success: Success,
): Promise<Payment> {
  const reason = success.currency === payment.currency ? 'amount_differs' : 'currency_differs';
  const { id } = await parkMoney(ctx, tx, { ...parkedOf(payment, success), reason });
  const told = `${success.amount} ${success.currency}`;
  const message = `The provider took ${told} and not the ${payment.amount} ${payment.currency} that were asked for: a person has to clear ${id}.`;
  return failPayment(ctx, tx, payment, { code: reason, message }, NAMELESS);
}

function parkedOf({ id, provider, reference, invoiceId, customerId }: Payment, success: Success) {
  const { providerPaymentId, amount, currency, receipt = null, payer = null } = success;
  const whose = { paymentId: id, invoiceId, customerId };
  return { provider, providerPaymentId, reference, ...whose, amount, currency, receipt, payer };
}
