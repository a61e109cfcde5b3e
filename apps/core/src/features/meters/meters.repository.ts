import type { Meter, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { type MeterWire, toMeterWire } from './meter-wire.js';
import type { ListMetersQuery } from './meters.schemas.js';

/**
 * The meter by our id or the caller's.
 * @throws notFound
 */
export async function requireMeter(db: TenantReader, idOrExternalId: string): Promise<Meter> {
  const where = readReference('mtr', idOrExternalId);
  const meter = where && (await db.meter.findUnique({ where }));
  if (!meter) throw notFound('There is no such meter.');
  return meter;
}

/**
 * The meter, kept from being deleted until the transaction ends: for writes that hang something on it.
 * @throws notFound
 */
export async function holdMeter(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Meter> {
  const { id } = await requireMeter(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM meters WHERE id = ${id} FOR KEY SHARE`;
  return requireMeter(db, id);
}

/**
 * The meter's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockMeter(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Meter> {
  const { id } = await requireMeter(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM meters WHERE id = ${id} FOR UPDATE`;
  return requireMeter(db, id);
}

/** A page of meters, newest first unless asked otherwise. */
export function listMeters(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListMetersQuery,
): Promise<Page<MeterWire>> {
  const filters: Prisma.MeterWhereInput[] = [];
  if (query.active !== undefined)
    filters.push({ archivedAt: query.active === 'true' ? null : { not: null } });
  if (query.eventName !== undefined) filters.push({ eventName: query.eventName });
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.meter.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toMeterWire,
  });
}
