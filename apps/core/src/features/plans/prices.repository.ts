import type { Prisma, Price } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { requirePlan } from './plans.repository.js';
import { toPriceWire, type PriceWire } from './price-wire.js';
import type { ListPricesQuery } from './prices.schemas.js';

/** How a path names a price: both parts by our id or the caller's. */
export interface PricePath {
  readonly plan: string;
  readonly price: string;
}

/**
 * The price of a plan.
 * @throws notFound, also for the price of another plan
 */
export async function requirePrice(db: TenantReader, path: PricePath): Promise<Price> {
  const plan = await requirePlan(db, path.plan);
  const reference = readReference('price', path.price);
  const price = reference && (await db.price.findUnique({ where: { ...reference, planId: plan.id } }));
  if (!price) throw notFound('The plan has no such price.');
  return price;
}

/**
 * The price's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockPrice(db: Prisma.TransactionClient, path: PricePath): Promise<Price> {
  const { id, planId } = await requirePrice(db, path);
  await db.$queryRaw`SELECT id FROM prices WHERE id = ${id} FOR UPDATE`;
  return requirePrice(db, { plan: planId, price: id });
}

/** A page of a plan's prices, newest first unless asked otherwise. */
export function listPrices(
  ctx: TenantContext,
  cursors: Cursors,
  planId: string,
  query: ListPricesQuery,
): Promise<Page<PriceWire>> {
  const filters: Prisma.PriceWhereInput[] = [{ planId }];
  if (query.active !== undefined) filters.push({ active: query.active === 'true' });
  if (query.version !== undefined) filters.push({ planVersion: Number(query.version) });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.price.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toPriceWire,
  });
}
