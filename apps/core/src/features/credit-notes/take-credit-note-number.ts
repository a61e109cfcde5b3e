import { localDate } from '../../domain/calendar/periods.js';
import { formatInvoiceNumber } from '../../domain/invoices/invoice-number.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/** Credit notes are a series of their own, which accountants expect apart from the invoices. */
const SERIES = 'CN';

export interface CreditNoteNumber {
  readonly series: string;
  readonly sequence: bigint;
  readonly number: string;
}

/**
 * Takes the next number of credit notes, which begin anew each January where the tenant's invoices do. The series' row
 * stays locked until the transaction ends; one that rolls back gives the number back, and the series has no gaps.
 */
export async function takeCreditNoteNumber(
  ctx: TenantContext,
  tx: TenantTransaction,
): Promise<CreditNoteNumber> {
  const isYearly = ctx.tenant.settings.invoiceSeriesReset === 'yearly';
  const year = localDate(ctx.clock.now(), ctx.tenant.timeZone).slice(0, 4);
  const series = isYearly ? `${SERIES}/${year}` : SERIES;
  const [taken] = await tx.db.$queryRaw<{ sequence: bigint }[]>`
    INSERT INTO number_series (series, next) VALUES (${series}, 2)
    ON CONFLICT (series) DO UPDATE SET next = number_series.next + 1
    RETURNING next - 1 AS sequence`;
  if (!taken) throw new Error('The number series gave no number.');
  const { sequence } = taken;
  return { series, sequence, number: formatInvoiceNumber({ prefix: series, sequence }) };
}
