import type { Prisma, UsageAlert } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireQuota } from './create-usage-alert.js';
import type { UpdateUsageAlert } from './usage-alert-wire.js';
import { lockUsageAlert } from './usage-alerts.repository.js';

/**
 * Changes an alert. Thresholds that have fired in the present window do not fire again.
 * @throws notFound, preconditionFailed, alertNeedsQuota
 */
export async function updateUsageAlert(
  ctx: TenantContext,
  id: string,
  input: UpdateUsageAlert,
  expected: ExpectedVersions,
): Promise<UsageAlert> {
  return ctx.transaction(async (tx) => {
    const alert = await lockUsageAlert(tx.db, id);
    checkVersion(expected, alert.version);
    if (input.thresholds) await requireQuota(tx.db, alert.meterId, input.thresholds);
    const data: Prisma.UsageAlertUpdateInput = { ...input };
    return tx.db.usageAlert.update({
      where: { id },
      data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
  });
}

/**
 * Deletes an alert, and that it fired. The events that it wrote stay.
 * @throws notFound, preconditionFailed
 */
export async function deleteUsageAlert(
  ctx: TenantContext,
  id: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    checkVersion(expected, (await lockUsageAlert(tx.db, id)).version);
    await tx.db.usageAlertFiring.deleteMany({ where: { alertId: id } });
    await tx.db.usageAlert.delete({ where: { id } });
  });
}
