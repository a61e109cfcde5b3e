import type { Prisma, TaxRate } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { plainComponent } from './tax-components.js';
import { toTaxRateWire } from './tax-rate-wire.js';
import { lockTaxRate, takingPlace } from './tax-rates.repository.js';
import type { UpdateTaxRate } from './tax-rates.schemas.js';

/**
 * Changes what is taken, or whether it is. Invoices that were issued keep what they say.
 * @throws notFound, preconditionFailed, taxRateExists, externalIdTaken, invalidRequest
 */
export async function updateTaxRate(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdateTaxRate,
  expected: ExpectedVersions,
): Promise<TaxRate> {
  const { metadata, components, ...columns } = input;
  const data: Prisma.TaxRateUpdateInput = { ...columns };
  if (components !== undefined) data.components = components.map(plainComponent);
  return takingPlace('/active', () =>
    ctx.transaction(async (tx) => {
      const rate = await lockTaxRate(tx.db, idOrExternalId);
      checkVersion(expected, rate.version);
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(rate.metadata), metadata);
      const changed = await tx.db.taxRate.update({
        where: { id: rate.id },
        data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
      });
      await recordChange(tx, ctx, 'tax_rate.updated', toTaxRateWire(changed), {
        before: toTaxRateWire(rate),
      });
      return changed;
    }),
  );
}
