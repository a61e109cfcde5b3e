import type { Invoice, Payment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { nextPaymentAttempt } from '../invoices/next-payment-attempt.js';
import { paymentReference } from './payment-reference.js';
import { recordPaymentEvent } from './record-payment-event.js';
import { putOnBalance, takeMoney } from './take-money.js';

/** Money that came without an attempt of ours. */
export interface Arrival {
  readonly provider: string;
  readonly providerPaymentId: string;
  /** Minor units of the invoice's currency. */
  readonly amount: bigint;
  readonly receipt: string | null;
  readonly payer: string | null;
  /** Where it goes: what an invoice cannot take goes to the balance anyhow. */
  readonly to: 'invoice' | 'balance';
}

/**
 * Records money that nobody asked for as a payment of an invoice, with a reference of its own, and gives it to the invoice,
 * which has to take some, or to its customer's balance. Call it with the invoice's row held, once it is certain that the
 * money came.
 */
export async function recordArrival(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
  { provider, providerPaymentId, amount, receipt, payer, to }: Arrival,
): Promise<Payment> {
  const id = newId('pay');
  const attempt = await nextPaymentAttempt(tx.db, invoice.id);
  const excess = to === 'invoice' ? await takeMoney(ctx, tx, { invoice, paymentId: id, amount }) : amount;
  if (to === 'balance') await putOnBalance(ctx, tx, { invoice, paymentId: id, excess });
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
