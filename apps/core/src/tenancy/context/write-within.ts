import type { DueKind } from '../due-work/due-kinds.js';
import type { Statement, TenantTransaction } from '../tenant-context.js';

/** Runs a statement as a part of a transaction that does more; `due` is what comes due with it. */
export async function writeWithin(
  tx: TenantTransaction,
  { text, values }: Statement,
  due: ReadonlyMap<DueKind, Date>,
): Promise<void> {
  await tx.db.$executeRawUnsafe(text, ...values);
  for (const [kind, at] of due) tx.due(kind, at);
}
