import type { Prisma, UsageAlert } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { holdCustomer } from '../customers/customers.repository.js';
import { holdMeter } from '../meters/meters.repository.js';
import type { CreateUsageAlert, Threshold } from './usage-alert-wire.js';
import { alertNeedsQuota } from './usage-alerts.errors.js';

/**
 * Makes an alert. It is looked at from the next events on, and then also tells of what had been used before.
 * @throws notFound, alertNeedsQuota
 */
export async function createUsageAlert(ctx: TenantContext, input: CreateUsageAlert): Promise<UsageAlert> {
  return ctx.transaction(async (tx) => {
    const meter = await holdMeter(tx.db, input.meterId);
    const customer = input.customerId === undefined ? null : await holdCustomer(tx.db, input.customerId);
    await requireQuota(tx.db, meter.id, input.thresholds);
    const now = ctx.clock.now();
    return tx.db.usageAlert.create({
      data: {
        id: newId('ual'),
        name: input.name ?? null,
        meterId: meter.id,
        customerId: customer?.id ?? null,
        thresholds: input.thresholds,
        window: input.window,
        createdAt: now,
        updatedAt: now,
      },
    });
  });
}

/**
 * A percentage needs something to be a percentage of.
 * @throws alertNeedsQuota
 */
export async function requireQuota(
  db: Prisma.TransactionClient,
  meterId: string,
  thresholds: readonly Threshold[],
): Promise<void> {
  const index = thresholds.findIndex(({ type }) => type === 'percentage');
  if (index < 0) return;
  const quota = await db.feature.findFirst({
    where: { meterId, kind: 'quota', archivedAt: null },
    select: { id: true },
  });
  if (quota) return;
  throw alertNeedsQuota(
    'A percentage is of a quota: make a feature of the kind `quota` with this meter first.',
    {
      errors: [{ pointer: `/thresholds/${index}/type`, code: alertNeedsQuota.code, message: 'has no quota' }],
    },
  );
}
