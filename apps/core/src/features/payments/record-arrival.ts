import type { Invoice, Payment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { nextPaymentAttempt } from '../invoices/next-payment-attempt.js';
import { paymentReference } from './payment-reference.js';
import { recordPaymentEvent } from './record-payment-event.js';
import { takeMoney } from './take-money.js';

/** Money that came without an attempt of ours. */
export interface Arrival {
  readonly provider: string;
  readonly providerPaymentId: string;
  /** Minor units of the invoice's currency. */
  readonly amount: bigint;
  readonly receipt: string | null;
  readonly payer: string | null;
}

/**
 * Records money that nobody asked for as a payment of an invoice that takes some, with a reference of its own, and gives it
 * to the invoice. Call it with the invoice's row held, once it is certain that the money came.
 */
export async function recordArrival(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
  { provider, providerPaymentId, amount, receipt, payer }: Arrival,
): Promise<Payment> {
  const id = newId('pay');
  const attempt = await nextPaymentAttempt(tx.db, invoice.id);
  const excess = await takeMoney(ctx, tx, { invoice, paymentId: id, amount });
  const now = ctx.clock.now();
  const payment = await tx.db.payment.create({
    data: {
      id,
      invoiceId: invoice.id,
      customerId: invoice.customerId,
      attempt,
      provider,
      reference: paymentReference(ctx.databaseId, { invoiceId: invoice.id, attempt }),
      providerPaymentId,
      receipt,
      payer,
      amount,
      excess,
      currency: invoice.currency,
      status: 'succeeded',
      succeededAt: now,
      createdAt: now,
      updatedAt: now,
    },
  });
  await recordPaymentEvent(ctx, tx, payment);
  return payment;
}
