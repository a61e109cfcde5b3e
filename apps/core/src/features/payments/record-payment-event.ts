import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeEvent } from '../events/record-change.js';
import { recordEvents } from '../events/record-event.js';
import { invoiceEvent } from '../invoices/invoice-event.js';
import { oweReceipt } from './owe-receipt.js';
import { toPaymentWire } from './payment-wire.js';

/** Why an attempt ended whose customer chose to pay another way. */
export const SUPERSEDED = 'superseded';

/**
 * Tells that a payment has another status: of one that succeeded the customer hears by a receipt, and of one that failed,
 * its invoice has an event too. A page that was left for another way to pay is no failure of the invoice's.
 */
export async function recordPaymentEvent(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
): Promise<void> {
  const shown = toPaymentWire(payment);
  if (payment.status === 'succeeded') {
    await recordEvents(tx, ctx, [changeEvent('payment.succeeded', shown)]);
    return oweReceipt(ctx, tx, payment);
  }
  if (payment.status === 'pending') return recordEvents(tx, ctx, [changeEvent('payment.pending', shown)]);
  if (payment.status !== 'failed') return;
  if (payment.failureCode === SUPERSEDED)
    return recordEvents(tx, ctx, [changeEvent('payment.failed', shown)]);
  const invoice = await tx.db.invoice.findUniqueOrThrow({ where: { id: payment.invoiceId } });
  const { id: paymentId, failureCode, failureMessage } = payment;
  const facts = { paymentId, failureCode, failureMessage };
  await recordEvents(tx, ctx, [
    changeEvent('payment.failed', shown),
    invoiceEvent('invoice.payment_failed', invoice, { facts }),
  ]);
}
