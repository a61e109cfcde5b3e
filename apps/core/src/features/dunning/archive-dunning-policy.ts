import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { lockDunningPolicy } from './dunning-policies.repository.js';
import { toDunningPolicyWire } from './dunning-policy-wire.js';

/**
 * Takes a policy out of use. Dunning that goes by it goes on; customers and plans that name it are as if they named none.
 * Archived again, it stays as it is.
 * @throws notFound, preconditionFailed
 */
export async function archiveDunningPolicy(
  ctx: TenantContext,
  id: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const policy = await lockDunningPolicy(tx.db, id);
    checkVersion(expected, policy.version);
    if (policy.archivedAt) return;
    const now = ctx.clock.now();
    const archived = await tx.db.dunningPolicy.update({
      where: { id: policy.id },
      data: { archivedAt: now, isDefault: false, version: { increment: 1 }, updatedAt: now },
    });
    await recordChange(tx, ctx, 'dunning_policy.archived', toDunningPolicyWire(archived));
  });
}
