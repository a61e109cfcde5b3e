import type { Prisma } from '@nova/prisma-tenant';

import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page, type PageWhere } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type DiscountWire, type DiscountWithCoupon, toDiscountWire } from './discount-wire.js';
import type { ListDiscountsQuery } from './discounts.schemas.js';

/** A page of what a customer has of coupons, newest first unless asked otherwise. */
export function listDiscounts(
  ctx: TenantContext,
  cursors: Cursors,
  customerId: string,
  query: ListDiscountsQuery,
): Promise<Page<DiscountWire>> {
  const filters: Prisma.DiscountWhereInput[] = [{ customerId }];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.subscription !== undefined) filters.push(ofSubscription(query.subscription));
  return paginate<DiscountWithCoupon & { createdAt: Date }, DiscountWire>({
    query,
    cursors,
    fetch: async ({ where, direction, take }) => {
      const rows = await ctx.db.discount.findMany({
        where: { AND: [...byAttachment(where), ...filters] },
        orderBy: [{ attachedAt: direction }, { id: direction }],
        take,
        include: { coupon: true },
      });
      return rows.map((row) => ({ ...row, createdAt: row.attachedAt }));
    },
    toWire: toDiscountWire,
  });
}

/** A discount begins when it is attached: what lists say of `createdAt` is said of that. */
function byAttachment({ AND }: PageWhere): Prisma.DiscountWhereInput[] {
  return AND.map((part) =>
    'createdAt' in part
      ? { attachedAt: part.createdAt }
      : { OR: part.OR.map(({ createdAt, ...rest }) => ({ attachedAt: createdAt, ...rest })) },
  );
}

function ofSubscription(idOrExternalId: string): Prisma.DiscountWhereInput {
  const reference = readReference('sub', idOrExternalId);
  if (reference && 'externalId' in reference) return { subscription: reference };
  return { subscriptionId: reference?.id ?? '' };
}
