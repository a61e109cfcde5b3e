import type { Subscription } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { issueCreditNote } from '../../credit-notes/issue-credit-note.js';
import { actOnSubscription } from '../../subscriptions/act-on-subscription.js';
import { startPaid } from '../../subscriptions/start-when-paid.js';
import { PreviewSubscriptionSchema } from '../../subscriptions/verbs.schemas.js';
import { NET_TERMS_DAYS } from '../platform-plans.js';

const END = PreviewSubscriptionSchema.parse({
  verb: 'cancel',
  input: { timing: 'immediate', credit: 'unused', reason: 'Another plan was paid for.' },
});
/** What takes no payment unattended is asked for by e-mail. */
const BY_INVOICE = { collectionMethod: 'send_invoice', netTermsDays: NET_TERMS_DAYS };

/**
 * Begins a plan whose first invoice is paid, in place of the one before: what was paid for that and is not used is credited.
 * One that somebody has ended while the money was on its way stays ended, and the money is the tenant's credit. The caller
 * holds its row.
 */
export async function beginAwaited(
  books: TenantContext,
  tx: TenantTransaction,
  awaiting: Subscription,
): Promise<void> {
  const { id, customerId } = awaiting;
  if (awaiting.status !== 'scheduled') {
    await creditInstead(books, tx, awaiting);
    return;
  }
  const others = await tx.db.subscription.findMany({
    where: {
      customerId,
      id: { not: id },
      status: { in: ['active', 'trialing', 'paused'] },
      plan: { kind: 'base' },
    },
    select: { id: true },
  });
  for (const other of others) await actOnSubscription(books, { reference: other.id, expected: null }, END);
  const saved = await tx.db.paymentMethod.findFirst({
    where: { customerId, isDefault: true, detachedAt: null },
    select: { id: true },
  });
  if (!saved) await tx.db.subscription.update({ where: { id }, data: BY_INVOICE });
  await startPaid(books, tx, saved ? awaiting : { ...awaiting, ...BY_INVOICE });
}

async function creditInstead(
  books: TenantContext,
  tx: TenantTransaction,
  { id, awaitsInvoiceId }: Subscription,
): Promise<void> {
  await tx.db.subscription.update({ where: { id }, data: { awaitsInvoiceId: null } });
  if (awaitsInvoiceId === null) return;
  books.log.warn({ subscriptionId: id }, 'A plan was paid for that had been ended: the money is credited.');
  await issueCreditNote(books, tx, {
    invoiceId: awaitsInvoiceId,
    lines: 'all',
    to: 'balance',
    reason: 'order_change',
    source: `${id}:not_begun`,
  });
}
