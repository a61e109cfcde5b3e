import type { Tenant } from '@nova/prisma-central';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { actOnSubscription } from '../subscriptions/act-on-subscription.js';
import { PreviewSubscriptionSchema } from '../subscriptions/verbs.schemas.js';

/**
 * Ends what a tenant that was archived, or is being deleted, has with the platform. Its invoices stay, as they do for
 * every customer. Should it come back, it has Starter's limits until it chooses a plan.
 */
export async function leaveBooks(
  books: TenantContext,
  { id: tenantId, status }: Pick<Tenant, 'id' | 'status'>,
): Promise<void> {
  const running = await books.db.subscription.findMany({
    where: { customer: { externalId: tenantId }, status: { not: 'canceled' } },
    select: { id: true },
  });
  const end = PreviewSubscriptionSchema.parse({
    verb: 'cancel',
    input: {
      timing: 'immediate',
      reason: status === 'archived' ? 'The tenant was archived.' : 'The tenant was deleted.',
    },
  });
  for (const { id } of running) await actOnSubscription(books, { reference: id, expected: null }, end);
}
