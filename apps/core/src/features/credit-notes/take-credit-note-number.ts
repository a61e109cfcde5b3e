import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { type DocumentNumber, holdNumbers, takeNumbers } from '../billing/take-numbers.js';

/** Credit notes are a series of their own, which accountants expect apart from the invoices. */
const SERIES = 'CN';

/** Takes the series of credit notes without a number, for who is going to number an invoice before a credit note. */
export function holdCreditNoteNumbers(ctx: TenantContext, tx: TenantTransaction): Promise<void> {
  return holdNumbers(ctx, tx, SERIES);
}

/** Takes the next number of credit notes, which begin anew each January where the tenant's invoices do. */
export async function takeCreditNoteNumber(
  ctx: TenantContext,
  tx: TenantTransaction,
): Promise<DocumentNumber> {
  const [number] = await takeNumbers(ctx, tx, { series: SERIES, prefix: SERIES, count: 1 });
  if (!number) throw new Error('The number series gave no number.');
  return number;
}
