import type { TaxRate } from '@nova/prisma-tenant';

import { taxPresetOf } from '../../domain/tax/country-presets.js';
import { conflict, invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toComponentJson } from './tax-components.js';
import { toTaxRateWire } from './tax-rate-wire.js';

/**
 * Takes a country's preset over as a tax rate. Where there is an active one for the country already it is left as it
 * is and given back, so that asking twice, or twice at once, makes one.
 * @throws invalidRequest for a country without a preset
 */
export async function adoptPreset(ctx: TenantContext, country: string): Promise<TaxRate> {
  const preset = taxPresetOf(country);
  if (!preset) {
    const message = `There is no preset for ${country}. Create a tax rate instead.`;
    throw invalidRequest(message, { errors: [{ pointer: '/country', code: 'no_preset', message }] });
  }
  const now = ctx.clock.now();
  const { name, region, category } = preset;
  const place = { country, region, category };
  const components = preset.components.map(toComponentJson);
  return ctx.transaction(async (tx) => {
    const [made] = await tx.db.taxRate.createManyAndReturn({
      data: [{ ...place, id: newId('tax'), name, components, createdAt: now, updatedAt: now }],
      // The unique key of active rates decides.
      skipDuplicates: true,
    });
    if (made) {
      await recordChange(tx, ctx, 'tax_rate.created', toTaxRateWire(made));
      return made;
    }
    const rate = await tx.db.taxRate.findFirst({ where: { ...place, active: true } });
    if (!rate) throw conflict(`The tax rate of ${country} was archived meanwhile. Ask again.`);
    return rate;
  });
}
