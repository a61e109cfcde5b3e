import type { Coupon, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { type CouponWire, toCouponWire } from './coupon-wire.js';
import { couponCodeTaken } from './coupons.errors.js';
import type { ListCouponsQuery } from './coupons.schemas.js';

/**
 * The coupon by our id or the caller's.
 * @throws notFound
 */
export async function requireCoupon(db: TenantReader, idOrExternalId: string): Promise<Coupon> {
  const where = readReference('cpn', idOrExternalId);
  const coupon = where && (await db.coupon.findUnique({ where }));
  if (!coupon) throw notFound('There is no such coupon.');
  return coupon;
}

/**
 * The coupon's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockCoupon(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Coupon> {
  const { id } = await requireCoupon(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM coupons WHERE id = ${id} FOR UPDATE`;
  return requireCoupon(db, id);
}

/** The coupon of a code as somebody typed it: small letters are capital ones. */
export function findByCode(db: TenantReader, typed: string): Promise<Coupon | null> {
  return db.coupon.findUnique({ where: { code: typed.trim().toUpperCase() } });
}

/**
 * Does a write that may break the unique key of the code or of the external id.
 * @throws couponCodeTaken, externalIdTaken
 */
export async function takingNames<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await takingExternalId('/externalId', write);
  } catch (error) {
    if (violatedUniqueIndex(error) !== 'coupons_code_key') throw error;
    throw couponCodeTaken(
      'This code belongs to another coupon. Archived ones keep theirs until it is cleared.',
      {
        errors: [{ pointer: '/code', code: 'taken', message: 'is taken' }],
        cause: error,
      },
    );
  }
}

/** A page of coupons, newest first unless asked otherwise. */
export function listCoupons(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListCouponsQuery,
): Promise<Page<CouponWire>> {
  const filters: Prisma.CouponWhereInput[] = [];
  if (query.active !== undefined) filters.push({ active: query.active === 'true' });
  if (query.code !== undefined) filters.push({ code: query.code.toUpperCase() });
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.coupon.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toCouponWire,
  });
}
