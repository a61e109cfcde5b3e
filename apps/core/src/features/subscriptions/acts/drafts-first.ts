import type { TenantTransaction } from '../../../tenancy/tenant-context.js';
import type { PlannedCredit } from './act.js';

/**
 * Credits in the order in which their invoices are to be taken, each with its place among them: those on drafts first,
 * which take notes of late usage before anything takes a number (`lockAccounts`).
 */
export async function draftsFirst(
  tx: TenantTransaction,
  credits: readonly PlannedCredit[],
): Promise<[number, PlannedCredit][]> {
  const entries = [...credits.entries()];
  if (entries.length < 2) return entries;
  const drafts = await tx.db.invoice.findMany({
    where: { id: { in: credits.map(({ invoiceId }) => invoiceId) }, status: 'draft' },
    select: { id: true },
  });
  const ids = new Set(drafts.map(({ id }) => id));
  const isDraft = ([, { invoiceId }]: [number, PlannedCredit]) => ids.has(invoiceId);
  return [...entries.filter(isDraft), ...entries.filter((entry) => !isDraft(entry))];
}
