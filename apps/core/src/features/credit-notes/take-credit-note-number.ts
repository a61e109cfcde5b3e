import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { type DocumentNumber, takeNumbers } from '../billing/take-numbers.js';

/** Credit notes are a series of their own, which accountants expect apart from the invoices. */
const SERIES = 'CN';

/** Takes the next number of credit notes, which begin anew each January where the tenant's invoices do. */
export async function takeCreditNoteNumber(
  ctx: TenantContext,
  tx: TenantTransaction,
): Promise<DocumentNumber> {
  const [number] = await takeNumbers(ctx, tx, { series: SERIES, prefix: SERIES, count: 1 });
  if (!number) throw new Error('The number series gave no number.');
  return number;
}
