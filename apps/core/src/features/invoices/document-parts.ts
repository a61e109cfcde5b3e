import type { TenantProfile } from '../../tenancy/tenant-context.js';
import { readLogo } from '../tenants/brand.js';
import type { DocumentTax, InvoiceDocument } from './document/invoice-document.js';
import type { TaxRowWire } from './tax-wire.js';

/** What the documents of invoices and of credit notes have in common. */

/** The taxes by rate, as their JSON column has them. */
export function readTaxes(column: unknown): DocumentTax[] {
  return (column as readonly TaxRowWire[]).map(({ name, rate, base, amount, reason }) => ({
    name,
    rate,
    base: BigInt(base),
    amount: BigInt(amount),
    reason: reason ?? null,
  }));
}

/** Whether the law has it called a tax invoice: a tax is charged, by somebody who is registered for it. */
export function isTaxInvoice(taxes: readonly DocumentTax[], sellerTaxId: string | null): boolean {
  return sellerTaxId !== null && taxes.some(({ reason, rate }) => reason === null && rate !== '0');
}

/** How the tenant's documents look. A logo that was stored is a picture; one that is not is left out. */
export function brandOf({ settings: { brand } }: TenantProfile): InvoiceDocument['brand'] {
  return {
    color: brand?.color ?? null,
    logo: brand?.logo === undefined ? null : readLogo(brand.logo),
  };
}

/** Why no tax is taken, as a document has to say it. */
export function taxNotices(taxes: readonly DocumentTax[], taxReason: string | null): string[] {
  const reasons = new Set(taxes.map(({ reason }) => reason));
  const because = taxReason === null ? '' : `: ${taxReason}`;
  return [
    ...(reasons.has('reverse_charge')
      ? [`Reverse charge: the customer accounts for the tax${because}.`]
      : []),
    ...(reasons.has('exempt') ? [`Exempt from tax${because}.`] : []),
  ];
}
