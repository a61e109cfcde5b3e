import type { Invoice, Payment } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { ensureReconciliation } from '../reconciliation/ensure-reconciliation.js';
import { paymentReference } from './payment-reference.js';

/** By when a charge that nobody told the outcome of is asked after, should the process die while it is being made. */
const ASK_AFTER_MS = 60_000;

export interface NewAttempt {
  readonly id: string;
  /** Held by this transaction. */
  readonly invoice: Invoice;
  /** Which payment of the invoice it is. */
  readonly attempt: number;
  readonly provider: string;
  /** Minor units of the invoice's currency. */
  readonly amount: bigint;
  /** What is charged; none where the customer pays on a page. */
  readonly paymentMethodId?: string;
  readonly checkoutSessionId?: string | null;
  readonly savesMethod?: boolean;
}

/** Writes down an attempt under our reference, before its provider is asked, and by when it is asked after. */
export async function insertAttempt(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, attempt, ...given }: NewAttempt,
): Promise<Payment> {
  const now = ctx.clock.now();
  const askAt = new Date(now.getTime() + ASK_AFTER_MS);
  tx.due('payments', askAt);
  await ensureReconciliation(ctx, tx, given.provider);
  return tx.db.payment.create({
    data: {
      ...given,
      invoiceId: invoice.id,
      customerId: invoice.customerId,
      attempt,
      reference: paymentReference(ctx.databaseId, { invoiceId: invoice.id, attempt }),
      currency: invoice.currency,
      status: 'created',
      nextCheckAt: askAt,
      createdAt: now,
      updatedAt: now,
    },
  });
}
