import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toTaxRateWire } from './tax-rate-wire.js';
import { lockTaxRate } from './tax-rates.repository.js';

/**
 * Deletes a tax rate. Invoices that were issued have their taxes on them.
 * @throws notFound, preconditionFailed
 */
export async function deleteTaxRate(
  ctx: TenantContext,
  idOrExternalId: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const rate = await lockTaxRate(tx.db, idOrExternalId);
    checkVersion(expected, rate.version);
    await tx.db.taxRate.delete({ where: { id: rate.id } });
    await recordChange(tx, ctx, 'tax_rate.deleted', toTaxRateWire(rate));
  });
}
