import type { Price } from '@nova/prisma-tenant';

import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { insertPrice } from './insert-price.js';
import { planFull } from './plans.errors.js';
import { lockPlan } from './plans.repository.js';
import { PRICES_MAX } from './plans.schemas.js';
import type { CreatePrice } from './prices.schemas.js';

/**
 * Adds a price to a plan.
 * @throws notFound, externalIdTaken, planFull
 */
export async function createPrice(
  ctx: TenantContext,
  planReference: string,
  input: CreatePrice,
): Promise<Price> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const { id: planId } = await lockPlan(tx.db, planReference);
      const count = await tx.db.price.count({ where: { planId } });
      if (count >= PRICES_MAX) throw planFull(`Plan ${planId} has ${count} prices. Make another plan.`);
      return insertPrice(ctx, tx, planId, input);
    }),
  );
}
