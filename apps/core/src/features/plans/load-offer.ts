import type { Plan, Price } from '@nova/prisma-tenant';

import { readReference } from '../../platform/wire/external-id.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { pricesOfVersions } from './versions.repository.js';

/** What a subscription to a plan can be made of. */
export interface Offer {
  readonly plan: Plan;
  /** The version whose prices they are. */
  readonly planVersion: number;
  readonly prices: readonly Price[];
  /** The prices of current versions of offered add-on plans that were named. */
  readonly addOns: readonly Price[];
}

/** Loads what a version of a plan offers, and the add-on prices that are named, by our ids or the caller's. */
export async function loadOffer(
  db: TenantReader,
  plan: Plan,
  asked: { planVersion: number; named: readonly string[] },
): Promise<Offer> {
  const { planVersion, named } = asked;
  const prices = await pricesOfVersions(db, [{ planId: plan.id, number: planVersion }]);
  return { plan, planVersion, prices, addOns: await findAddOns(db, named) };
}

async function findAddOns(db: TenantReader, named: readonly string[]): Promise<Price[]> {
  const references = named
    .map((text) => readReference('price', text))
    .filter((reference) => reference !== null);
  if (references.length === 0) return [];
  const found = await db.price.findMany({
    where: { OR: references, plan: { kind: 'add_on', active: true } },
    include: { plan: { select: { currentVersion: true } } },
    orderBy: { id: 'asc' },
  });
  return found.flatMap(({ plan, ...price }) => (price.planVersion === plan.currentVersion ? [price] : []));
}
