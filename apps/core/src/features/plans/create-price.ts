import type { Price } from '@nova/prisma-tenant';

import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { insertPrice } from './insert-price.js';
import { refuseWhenFull, tierCount } from './plan-limits.js';
import { lockPlan } from './plans.repository.js';
import type { CreatePrice } from './prices.schemas.js';
import { recordChange } from '../events/record-change.js';
import { toPriceWire } from './price-wire.js';

/**
 * Adds a price to the current version of a plan.
 * @throws notFound, externalIdTaken, planFull, invalidRequest
 */
export async function createPrice(
  ctx: TenantContext,
  planReference: string,
  input: CreatePrice,
): Promise<Price> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const { id: planId, currentVersion: planVersion } = await lockPlan(tx.db, planReference);
      await refuseWhenFull(tx.db, { planId, planVersion, tiers: tierCount(input.terms) });
      const price = await insertPrice(ctx, tx, { planId, planVersion, input, pointer: '' });
      await recordChange(tx, ctx, 'price.created', toPriceWire(price));
      return price;
    }),
  );
}
