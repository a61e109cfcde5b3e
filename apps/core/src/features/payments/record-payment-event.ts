import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeEvent } from '../events/record-change.js';
import { recordEvents } from '../events/record-event.js';
import { invoiceEvent } from '../invoices/invoice-event.js';
import { toPaymentWire } from './payment-wire.js';

/** Tells that a payment has another status; of one that failed, its invoice too. */
export async function recordPaymentEvent(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
): Promise<void> {
  const shown = toPaymentWire(payment);
  if (payment.status === 'succeeded') return recordEvents(tx, ctx, [changeEvent('payment.succeeded', shown)]);
  if (payment.status === 'pending') return recordEvents(tx, ctx, [changeEvent('payment.pending', shown)]);
  if (payment.status !== 'failed') return;
  const invoice = await tx.db.invoice.findUniqueOrThrow({ where: { id: payment.invoiceId } });
  const { id: paymentId, failureCode, failureMessage } = payment;
  const facts = { paymentId, failureCode, failureMessage };
  await recordEvents(tx, ctx, [
    changeEvent('payment.failed', shown),
    invoiceEvent('invoice.payment_failed', invoice, { facts }),
  ]);
}
