import type { Price } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { CreatePrice } from './prices.schemas.js';

/** Writes a price of a plan whose row this transaction holds or has made. */
export async function insertPrice(
  ctx: TenantContext,
  tx: TenantTransaction,
  planId: string,
  input: CreatePrice,
): Promise<Price> {
  const now = ctx.clock.now();
  const rhythm = input.type === 'recurring' ? { intervalCount: input.intervalCount ?? 1 } : {};
  return tx.db.price.create({
    data: { ...input, ...rhythm, id: newId('price'), planId, createdAt: now, updatedAt: now },
  });
}
