import { type Meter, Prisma } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { CreateMeter } from './meters.schemas.js';

/**
 * Makes a meter. Several may look at events of the same name, each in its own way.
 * @throws externalIdTaken
 */
export async function createMeter(ctx: TenantContext, input: CreateMeter): Promise<Meter> {
  return takingExternalId('/externalId', () =>
    ctx.transaction((tx) => tx.db.meter.create({ data: meterData(ctx, input) })),
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
