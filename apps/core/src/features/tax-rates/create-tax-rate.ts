import type { TaxRate } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { plainComponent } from './tax-components.js';
import { toTaxRateWire } from './tax-rate-wire.js';
import { takingPlace } from './tax-rates.repository.js';
import type { CreateTaxRate } from './tax-rates.schemas.js';

/**
 * Makes a tax rate, which invoices take from now on.
 * @throws taxRateExists, externalIdTaken
 */
export async function createTaxRate(ctx: TenantContext, input: CreateTaxRate): Promise<TaxRate> {
  const now = ctx.clock.now();
  const { components, externalId, region, ...columns } = input;
  return takingPlace(region === undefined ? '/country' : '/region', () =>
    ctx.transaction(async (tx) => {
      const rate = await tx.db.taxRate.create({
        data: {
          ...columns,
          id: newId('tax'),
          externalId: externalId ?? null,
          region: region ?? null,
          components: components.map(plainComponent),
          createdAt: now,
          updatedAt: now,
        },
      });
      await recordChange(tx, ctx, 'tax_rate.created', toTaxRateWire(rate));
      return rate;
    }),
  );
}
