import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { type DocumentNumber, takeNumbers } from './take-numbers.js';

/** Invoices of a database are one series, or one a year. */
const SERIES = 'INV';

/** Takes the next `count` invoice numbers, in order: see `takeNumbers`. */
export function takeInvoiceNumbers(
  ctx: TenantContext,
  tx: TenantTransaction,
  count: number,
): Promise<DocumentNumber[]> {
  const { invoicePrefix = SERIES } = ctx.tenant.settings;
  return takeNumbers(ctx, tx, { series: SERIES, prefix: invoicePrefix, count });
}
