import type { Meter, Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toMeterWire } from './meter-wire.js';
import { lockMeter } from './meters.repository.js';
import type { UpdateMeter } from './meters.schemas.js';

/**
 * Changes how a meter is presented, or whether it takes events. Events that it has counted stay counted.
 * @throws notFound, preconditionFailed, externalIdTaken, invalidRequest
 */
export async function updateMeter(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdateMeter,
  expected: ExpectedVersions,
): Promise<Meter> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const meter = await lockMeter(tx.db, idOrExternalId);
      checkVersion(expected, meter.version);
      const { metadata, active, ...columns } = input;
      const now = ctx.clock.now();
      const data: Prisma.MeterUpdateInput = { ...columns };
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(meter.metadata), metadata);
      if (active !== undefined) data.archivedAt = active ? null : (meter.archivedAt ?? now);
      const changed = await tx.db.meter.update({
        where: { id: meter.id },
        data: { ...data, version: { increment: 1 }, updatedAt: now },
      });
      await recordChange(tx, ctx, 'meter.updated', toMeterWire(changed), { before: toMeterWire(meter) });
      return changed;
    }),
  );
}
