import type { TenantContext } from '../../tenancy/tenant-context.js';
import { cancelSubscription } from '../subscriptions/cancel-subscription.js';
import { CancelSubscriptionSchema } from '../subscriptions/subscriptions.schemas.js';

/** Ends what a tenant that was deleted has with the platform. Its invoices stay, as they do for every customer. */
export async function leaveBooks(books: TenantContext, tenantId: string): Promise<void> {
  const running = await books.db.subscription.findMany({
    where: { customer: { externalId: tenantId }, status: { not: 'canceled' } },
    select: { id: true },
  });
  const how = CancelSubscriptionSchema.parse({ timing: 'immediate', reason: 'The tenant was deleted.' });
  for (const { id } of running) await cancelSubscription(books, id, how);
}
