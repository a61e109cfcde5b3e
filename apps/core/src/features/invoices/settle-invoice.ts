import type { Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { settleCheckoutSessions } from '../checkout-sessions/settle-checkout-sessions.js';
import { activateTopUp } from '../wallets/activate-top-up.js';
import { invoiceNotOpen, paymentExceedsAmountDue } from './invoices.errors.js';
import { lockInvoice } from './invoices.repository.js';
import { endDunning } from '../dunning/end-dunning.js';
import { recordEvent } from '../events/record-event.js';
import { invoiceEvent } from './invoice-event.js';

export interface ReceivedPayment {
  invoiceId: string;
  /** Minor units of the invoice's currency. */
  amount: bigint;
  /** When the money came; now unless given. */
  receivedAt?: Date;
  /** The session on whose page it was paid. */
  checkoutSessionId?: string | null;
}

/**
 * Takes money that was received into an open invoice, which is paid when nothing is due any more. A top-up of a wallet
 * is there then, and checkout sessions that it satisfies are complete.
 * Called in the transaction that records the payment as succeeded, once for that payment.
 * @throws invoiceNotOpen, paymentExceedsAmountDue
 */
export async function applyPayment(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: ReceivedPayment,
): Promise<Invoice> {
  if (payment.amount <= 0n) throw new RangeError(`A payment of ${payment.amount} settles nothing.`);
  const invoice = await lockInvoice(tx.db, payment.invoiceId);
  if (!invoiceStates.canMove(invoice.status, 'settle'))
    throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
  if (payment.amount > invoice.amountDue) {
    throw paymentExceedsAmountDue(
      `Invoice ${invoice.id} has ${invoice.amountDue} due, less than ${payment.amount}.`,
    );
  }
  return reduceDue(ctx, tx, invoice, { ...payment, from: 'amountPaid' });
}

/**
 * Takes money off what is due on an invoice that is held: money that came, or out of its customer's balance. It is paid
 * when nothing is due any more.
 */
export async function reduceDue(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
  part: Omit<ReceivedPayment, 'invoiceId'> & { from: 'amountPaid' | 'balanceApplied' },
): Promise<Invoice> {
  const { amount, from, receivedAt, checkoutSessionId = null } = part;
  const amountDue = invoice.amountDue - amount;
  const now = ctx.clock.now();
  if (amountDue === 0n) await activateTopUp(ctx, tx, invoice);
  const settled = await tx.db.invoice.update({
    where: { id: invoice.id },
    data: {
      [from]: invoice[from] + amount,
      amountDue,
      ...(amountDue === 0n
        ? { status: invoiceStates.next(invoice.status, 'settle'), paidAt: receivedAt ?? now }
        : {}),
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  const type = amountDue === 0n ? 'invoice.paid' : 'invoice.updated';
  await recordEvent(tx, ctx, invoiceEvent(type, settled, { before: invoice }));
  if (amountDue === 0n) await endDunning(ctx, tx, invoice.id, 'recovered');
  await settleCheckoutSessions(ctx, tx, settled, { checkoutSessionId, amount });
  return settled;
}
