import type { Meter, Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toMeterWire } from './meter-wire.js';
import { meterInUse } from './meters.errors.js';
import { lockMeter } from './meters.repository.js';

/**
 * Deletes a meter that nothing refers to and that no event was ever counted by. One that was used is archived instead.
 * @throws notFound, preconditionFailed, meterInUse
 */
export async function deleteMeter(
  ctx: TenantContext,
  idOrExternalId: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const meter = await lockMeter(tx.db, idOrExternalId);
    checkVersion(expected, meter.version);
    await refuseWhenUsed(tx.db, meter);
    await tx.db.usageAlertCheck.deleteMany({ where: { meterId: meter.id } });
    await tx.db.meter.delete({ where: { id: meter.id } });
    await recordChange(tx, ctx, 'meter.deleted', toMeterWire(meter));
  });
}

async function refuseWhenUsed(db: Prisma.TransactionClient, { id, eventName }: Meter): Promise<void> {
  const refuse = (what: string) => meterInUse(`${what}. Archive it instead: PATCH {"active": false}.`);
  const where = { meterId: id };
  const price = await db.price.findFirst({ where, select: { id: true } });
  if (price) throw refuse(`Price ${price.id} refers to it`);
  const feature = await db.feature.findFirst({ where, select: { id: true } });
  if (feature) throw refuse(`Feature ${feature.id} refers to it`);
  const alert = await db.usageAlert.findFirst({ where, select: { id: true } });
  if (alert) throw refuse(`Usage alert ${alert.id} refers to it`);
  if (await db.meter.findFirst({ where: { eventName, id: { not: id } }, select: { id: true } })) return;
  const [event] = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM usage_events WHERE event_name = ${eventName} LIMIT 1`;
  if (event) throw refuse('It has counted events');
}
