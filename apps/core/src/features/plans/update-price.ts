import type { Price, Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockPrice, type PricePath } from './prices.repository.js';
import type { UpdatePrice } from './prices.schemas.js';
import { recordChange } from '../events/record-change.js';
import { toPriceWire } from './price-wire.js';

/**
 * Changes a price's name or metadata, or whether it is offered. What it charges stays what was sold.
 * @throws notFound, preconditionFailed, invalidRequest
 */
export async function updatePrice(
  ctx: TenantContext,
  path: PricePath,
  input: UpdatePrice,
  expected: ExpectedVersions,
): Promise<Price> {
  return ctx.transaction(async (tx) => {
    const price = await lockPrice(tx.db, path);
    checkVersion(expected, price.version);
    const { metadata, ...columns } = input;
    const data: Prisma.PriceUpdateInput = { ...columns };
    if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(price.metadata), metadata);
    const changed = await tx.db.price.update({
      where: { id: price.id },
      data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    await recordChange(tx, ctx, 'price.updated', toPriceWire(changed), { before: toPriceWire(price) });
    return changed;
  });
}
