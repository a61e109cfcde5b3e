import { formatInvoiceNumber } from '../../domain/invoices/invoice-number.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/** Invoices of a database are one series: a new prefix changes what numbers look like and never restarts them. */
const SERIES = 'INV';

export interface InvoiceNumber {
  series: string;
  sequence: bigint;
  number: string;
}

/**
 * Takes the next invoice number. The series' row stays locked until the transaction ends, so this is done as late in
 * it as can be; a transaction that rolls back gives the number back, and the series has no gaps.
 */
export async function takeInvoiceNumber(ctx: TenantContext, tx: TenantTransaction): Promise<InvoiceNumber> {
  const [taken] = await tx.db.$queryRaw<{ sequence: bigint }[]>`
    INSERT INTO number_series (series, next) VALUES (${SERIES}, 2)
    ON CONFLICT (series) DO UPDATE SET next = number_series.next + 1
    RETURNING next - 1 AS sequence`;
  if (!taken) throw new Error('The number series gave no number.');
  const prefix = ctx.tenant.settings.invoicePrefix ?? SERIES;
  return {
    series: SERIES,
    sequence: taken.sequence,
    number: formatInvoiceNumber({ prefix, sequence: taken.sequence }),
  };
}
