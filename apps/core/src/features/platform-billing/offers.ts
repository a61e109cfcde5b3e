import type { Feature, Plan, PlanFeature, Price } from '@nova/prisma-tenant';

import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

/** A plan that tenants can have, with what it costs a period and once, and what it grants now. */
export type Offer = Plan & {
  prices: Price[];
  features: (PlanFeature & { feature: Feature })[];
};

/** The plans that the platform offers, the one made first at the front. */
export async function readOffers(db: TenantReader): Promise<Offer[]> {
  const plans = await db.plan.findMany({
    where: { active: true, kind: 'base' },
    orderBy: { id: 'asc' },
    include: {
      prices: { where: { active: true, type: { in: ['recurring', 'one_time'] } }, orderBy: { id: 'asc' } },
      features: { include: { feature: true }, orderBy: { feature: { code: 'asc' } } },
    },
  });
  return plans.map((plan) => ({
    ...plan,
    prices: plan.prices.filter(({ planVersion }) => planVersion === plan.currentVersion),
    features: plan.features.filter(({ planVersion }) => planVersion === plan.currentVersion),
  }));
}

/** What tenants call a plan: the operator's own id of it where it has one. */
export function codeOf(plan: Pick<Plan, 'id' | 'externalId'>): string {
  return plan.externalId ?? plan.id;
}

/**
 * The offer that a tenant names.
 * @throws not_found with a pointer
 */
export function requireOffer(offers: readonly Offer[], code: string): Offer {
  const offer = offers.find((plan) => codeOf(plan) === code || plan.id === code);
  if (offer) return offer;
  throw notFound('There is no such plan.', {
    errors: [{ pointer: '/plan', code: notFound.code, message: 'is no plan that is offered' }],
  });
}

/** What a plan costs a period in a currency, in minor units; null when it is not sold in it. */
export function costOf({ prices }: Offer, currency: string): Decimal | null {
  const own = prices.filter((price) => price.currency === currency && price.type === 'recurring');
  if (own.length === 0) return null;
  return own.reduce((sum, { unitAmount }) => sum.plus(toDecimal(unitAmount)), new Decimal(0));
}
