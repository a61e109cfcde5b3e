import { localDate } from '../../domain/calendar/periods.js';
import { formatInvoiceNumber } from '../../domain/invoices/invoice-number.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

export interface DocumentNumber {
  readonly series: string;
  readonly sequence: bigint;
  readonly number: string;
}

/** Numbers of which series, how they are to look, and how many. */
export interface NumbersWanted {
  readonly series: string;
  /** A new one changes what numbers look like and never restarts them. */
  readonly prefix: string;
  readonly count: number;
}

/**
 * Takes the next numbers of a series, in order. A series begins anew each January, by the calendar of the seller's place,
 * where the tenant wants it so. Its row stays locked until the transaction ends, so this is done as late in it as can
 * be; a transaction that rolls back gives the numbers back, and the series has no gaps.
 */
export async function takeNumbers(
  ctx: TenantContext,
  tx: TenantTransaction,
  { series: name, prefix, count }: NumbersWanted,
): Promise<DocumentNumber[]> {
  if (count === 0) return [];
  // No prefix has a slash, so that no number of a year reads like one of another series.
  const year = yearOf(ctx);
  const series = `${name}${year}`;
  const [taken] = await tx.db.$queryRaw<{ first: bigint }[]>`
    INSERT INTO number_series (series, next) VALUES (${series}, 1 + ${count}::bigint)
    ON CONFLICT (series) DO UPDATE SET next = number_series.next + ${count}::bigint
    RETURNING next - ${count}::bigint AS first`;
  if (!taken) throw new Error('The number series gave no number.');
  return Array.from({ length: count }, (_, index) => {
    const sequence = taken.first + BigInt(index);
    return { series, sequence, number: formatInvoiceNumber({ prefix: `${prefix}${year}`, sequence }) };
  });
}

/** Takes a series' row until the transaction ends, and no number of it. */
export async function holdNumbers(ctx: TenantContext, tx: TenantTransaction, name: string): Promise<void> {
  await tx.db.$executeRaw`
    INSERT INTO number_series AS s (series, next) VALUES (${`${name}${yearOf(ctx)}`}, 1)
    ON CONFLICT (series) DO UPDATE SET next = s.next`;
}

/** What tells the series of this year from those of others, where they begin anew with the year. */
function yearOf(ctx: TenantContext): string {
  if (ctx.tenant.settings.invoiceSeriesReset !== 'yearly') return '';
  return `/${localDate(ctx.clock.now(), ctx.tenant.timeZone).slice(0, 4)}`;
}
