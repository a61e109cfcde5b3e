import type { TenantContext, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { endCheckoutSession } from '../../checkout-sessions/settle-checkout-sessions.js';
import { voidInvoice } from '../../invoices/void-invoice.js';
import { actOnSubscription } from '../../subscriptions/act-on-subscription.js';
import { PreviewSubscriptionSchema } from '../../subscriptions/verbs.schemas.js';
import type { AwaitedPlan } from './awaited-plan.js';

const END = PreviewSubscriptionSchema.parse({
  verb: 'cancel',
  input: { timing: 'immediate', reason: 'It was not paid.' },
});

/**
 * Takes back a plan that was not paid for: its invoice is void, so that nothing is owed, and its session is over. The
 * caller holds the customer.
 * @throws invoice_payment_in_flight
 */
export async function dropAwaited(
  books: TenantContext,
  tx: TenantTransaction,
  { subscription, invoice, session }: AwaitedPlan,
): Promise<void> {
  if (invoice.status === 'open') await voidInvoice(books, invoice.id);
  await tx.db.subscription.update({ where: { id: subscription.id }, data: { awaitsInvoiceId: null } });
  if (subscription.status !== 'canceled') {
    await actOnSubscription(books, { reference: subscription.id, expected: null }, END);
  }
  const left = session && (await tx.db.checkoutSession.findUniqueOrThrow({ where: { id: session.id } }));
  if (left) await endCheckoutSession(books, tx, left, 'expire');
}
