import type { ProviderWebhook } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireWebhook } from './provider-webhooks.repository.js';

/**
 * Has a webhook looked at again, with the whole ladder before it: one that is parked, once what was in its way is gone, for
 * example. What was done about it before is not done twice.
 * @throws notFound
 */
export async function processAgain(ctx: TenantContext, id: string): Promise<ProviderWebhook> {
  return ctx.transaction(async (tx) => {
    await requireWebhook(tx.db, id);
    const now = ctx.clock.now();
    tx.due('provider_webhooks', now);
    return tx.db.providerWebhook.update({
      where: { id },
      data: { status: 'received', attempts: 0, nextAttemptAt: now, processedAt: null },
    });
  });
}
