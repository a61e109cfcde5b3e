import { localDate } from '../../domain/calendar/periods.js';
import { toDecimal } from '../../domain/money/decimal.js';
import { rememberTaxes, type TaxTreatment } from '../../domain/tax/tax-rates.js';
import type { LineTax, TaxComponent, TaxRate } from '../../domain/tax/tax-types.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { BilledCustomer } from './load-customers.js';

/** What is taken of something of a tax category that a customer buys today. */
export type TaxesFor = (customer: BilledCustomer, category: string) => LineTax;

interface StoredComponent {
  readonly code: string;
  readonly name: string;
  readonly rate: string;
  readonly compound?: boolean;
  readonly validFrom?: string | null;
  readonly validTo?: string | null;
}

/** Of what is paid ahead, for supplies that are not known yet: their own invoices are taxed. */
export const PREPAYMENT_CATEGORY = 'prepayment';

const NO_TAX: LineTax = { components: [], reason: null };

/**
 * The taxes of the tenant as of today, by the calendar of the seller's place: that is the date that the document bears.
 * A customer whose country is not known is taken to be where the seller is. A tenant without any rates takes no tax and
 * need not say so on its invoices.
 */
export async function loadTaxes(
  ctx: Pick<TenantContext, 'tenant' | 'clock'>,
  db: TenantReader,
): Promise<TaxesFor> {
  const rows = await db.taxRate.findMany({ where: { active: true }, orderBy: { id: 'asc' } });
  if (rows.length === 0) return () => NO_TAX;
  const rates = rows.map(({ country, region, category, components }): TaxRate => ({
    country,
    region,
    category,
    components: (components as unknown as StoredComponent[]).map(readComponent),
  }));
  const taxOf = rememberTaxes(rates);
  const date = localDate(ctx.clock.now(), ctx.tenant.timeZone);
  return ({ country, region, taxStatus }, category) => {
    if (category === PREPAYMENT_CATEGORY) return NO_TAX;
    return taxOf({
      supply: { country: country ?? ctx.tenant.country ?? '', region, category },
      treatment: taxStatus as TaxTreatment,
      date,
    });
  };
}

function readComponent(stored: StoredComponent): TaxComponent {
  const { code, name, rate, compound = false, validFrom = null, validTo = null } = stored;
  return { code, name, rate: toDecimal(rate), compound, validFrom, validTo };
}
