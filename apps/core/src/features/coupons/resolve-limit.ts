import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { IdPrefix } from '../../platform/ids/new-id.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import type { CouponLimit } from './coupon-wire.js';

interface Named {
  readonly id: string;
  readonly externalId: string | null;
}

/**
 * The ids of the plans and prices that a coupon is limited to. A fixed coupon is only for prices in its currency.
 * @throws notFound, invalidRequest, with a pointer to the plan or price
 */
export async function resolveLimit(
  db: TenantReader,
  limit: CouponLimit,
  currency: string | null,
): Promise<CouponLimit> {
  const plans = await db.plan.findMany({ where: { OR: references('plan', limit.planIds) } });
  const prices = await db.price.findMany({ where: { OR: references('price', limit.priceIds) } });
  const priceIds = limit.priceIds.map((name, index) => {
    const price = pick(prices, name, `/appliesTo/priceIds/${index}`);
    if (currency !== null && price.currency !== currency) {
      const message = `The price is in ${price.currency} and the coupon in ${currency}.`;
      const pointer = `/appliesTo/priceIds/${index}`;
      throw invalidRequest(message, { errors: [{ pointer, code: 'currency_mismatch', message }] });
    }
    return price.id;
  });
  const planIds = limit.planIds.map((name, index) => pick(plans, name, `/appliesTo/planIds/${index}`).id);
  return { planIds: [...new Set(planIds)], priceIds: [...new Set(priceIds)] };
}

function references(prefix: IdPrefix, names: readonly string[]) {
  return names.map((name) => readReference(prefix, name)).filter((reference) => reference !== null);
}

function pick<Row extends Named>(rows: readonly Row[], name: string, pointer: string): Row {
  const row = rows.find(({ id, externalId }) => name === id || name === externalId);
  if (row) return row;
  const message = `There is no ${JSON.stringify(name)}.`;
  throw notFound(message, { errors: [{ pointer, code: 'not_found', message }] });
}
