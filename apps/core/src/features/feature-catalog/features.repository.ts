import type { Feature, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { toFeatureWire, type FeatureWire } from './feature-wire.js';
import type { ListFeaturesQuery } from './features.schemas.js';

/** The feature by our id, its code or the caller's id; a code goes before an external id. Null when there is none. */
export async function findFeature(db: TenantReader, reference: string): Promise<Feature | null> {
  const found = await findFeatures(db, [reference]);
  return found.get(reference) ?? null;
}

/** Several features at once, by what the caller called each of them; those that are not there are left out. */
export async function findFeatures(
  db: TenantReader,
  references: readonly string[],
): Promise<Map<string, Feature>> {
  const read = references.flatMap((text) => readReference('feat', text) ?? []);
  const ids = read.flatMap((reference) => ('id' in reference ? [reference.id] : []));
  const names = read.flatMap((reference) => ('id' in reference ? [] : [reference.externalId]));
  const rows = await db.feature.findMany({
    where: { OR: [{ id: { in: ids } }, { code: { in: names } }, { externalId: { in: names } }] },
  });
  const found = new Map<string, Feature>();
  for (const text of references) {
    const row =
      rows.find(({ id, code }) => id === text || code === text) ??
      rows.find(({ externalId }) => externalId === text);
    if (row) found.set(text, row);
  }
  return found;
}

/**
 * The feature by our id, its code or the caller's id.
 * @throws notFound
 */
export async function requireFeature(db: TenantReader, reference: string): Promise<Feature> {
  const feature = await findFeature(db, reference);
  if (!feature) throw notFound('There is no such feature.');
  return feature;
}

/**
 * The feature's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockFeature(db: Prisma.TransactionClient, reference: string): Promise<Feature> {
  const { id } = await requireFeature(db, reference);
  await db.$queryRaw`SELECT id FROM features WHERE id = ${id} FOR UPDATE`;
  return requireFeature(db, id);
}

/** A page of features, newest first unless asked otherwise. */
export function listFeatures(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListFeaturesQuery,
): Promise<Page<FeatureWire>> {
  const filters: Prisma.FeatureWhereInput[] = [];
  if (query.kind !== undefined) filters.push({ kind: query.kind });
  if (query.code !== undefined) filters.push({ code: query.code });
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  if (query.archived !== undefined)
    filters.push({ archivedAt: query.archived === 'true' ? { not: null } : null });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.feature.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toFeatureWire,
  });
}
