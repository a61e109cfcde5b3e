import { type Meter, Prisma } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toMeterWire } from './meter-wire.js';
import type { CreateMeter } from './meters.schemas.js';

/**
 * Makes a meter. Several may look at events of the same name, each in its own way.
 * @throws externalIdTaken
 */
export async function createMeter(ctx: TenantContext, input: CreateMeter): Promise<Meter> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const meter = await tx.db.meter.create({ data: meterData(ctx, input) });
      await recordChange(tx, ctx, 'meter.created', toMeterWire(meter));
      return meter;
    }),
  );
}

/** The row of a new meter. */
export function meterData(ctx: TenantContext, input: CreateMeter): Prisma.MeterCreateManyInput {
  const { rounding, ...columns } = input;
  const now = ctx.clock.now();
  return {
    ...columns,
    id: newId('mtr'),
    rounding: rounding ?? Prisma.DbNull,
    createdAt: now,
    updatedAt: now,
  };
}
