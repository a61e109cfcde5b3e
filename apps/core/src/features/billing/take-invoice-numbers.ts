import { localDate } from '../../domain/calendar/periods.js';
import { formatInvoiceNumber } from '../../domain/invoices/invoice-number.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Invoices of a database are one series, or one a year where the tenant wants its numbers to begin anew each January: a
 * new prefix changes what numbers look like and never restarts them.
 */
const SERIES = 'INV';

export interface InvoiceNumber {
  readonly series: string;
  readonly sequence: bigint;
  readonly number: string;
}

/**
 * Takes the next `count` invoice numbers, in order. The series' row stays locked until the transaction ends, so this is
 * done as late in it as can be; a transaction that rolls back gives the numbers back, and the series has no gaps.
 */
export async function takeInvoiceNumbers(
  ctx: TenantContext,
  tx: TenantTransaction,
  count: number,
): Promise<InvoiceNumber[]> {
  if (count === 0) return [];
  const { invoicePrefix = SERIES, invoiceSeriesReset } = ctx.tenant.settings;
  const year = invoiceSeriesReset === 'yearly' ? localYear(ctx) : null;
  const series = year === null ? SERIES : `${SERIES}/${year}`;
  const [taken] = await tx.db.$queryRaw<{ first: bigint }[]>`
    INSERT INTO number_series (series, next) VALUES (${series}, 1 + ${count}::bigint)
    ON CONFLICT (series) DO UPDATE SET next = number_series.next + ${count}::bigint
    RETURNING next - ${count}::bigint AS first`;
  if (!taken) throw new Error('The number series gave no number.');
  // No prefix has a slash, so that no number of a year reads like one of another series.
  const prefix = year === null ? invoicePrefix : `${invoicePrefix}/${year}`;
  return Array.from({ length: count }, (_, index) => {
    const sequence = taken.first + BigInt(index);
    return { series, sequence, number: formatInvoiceNumber({ prefix, sequence }) };
  });
}

/** The year in which an invoice is issued, by the calendar of the seller's place. */
function localYear(ctx: TenantContext): string {
  return localDate(ctx.clock.now(), ctx.tenant.timeZone).slice(0, 4);
}
