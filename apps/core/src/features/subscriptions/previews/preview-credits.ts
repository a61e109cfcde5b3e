import type { TenantReader } from '../../../tenancy/tenant-context.js';
import { readCreditableLines, readSettlement } from '../../credit-notes/creditable-invoice.js';
import { planCreditNote, type PlannedCreditNote } from '../../credit-notes/plan-credit-note.js';
import type { PlannedCredit } from '../acts/act.js';

/** A credit note that would be issued, and on which invoice. */
export interface PreviewedCreditNote extends PlannedCreditNote {
  readonly invoiceId: string;
  readonly invoiceNumber: string | null;
}

/** What credit notes would come to, by the same arithmetic that issues them. */
export async function previewCredits(
  db: TenantReader,
  credits: readonly PlannedCredit[],
): Promise<PreviewedCreditNote[]> {
  const previews: PreviewedCreditNote[] = [];
  for (const { invoiceId, lines } of credits) {
    const invoice = await db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    const touched = await readCreditableLines(db, invoiceId);
    const planned = planCreditNote({ lines, to: 'auto' }, touched, await readSettlement(db, invoice));
    if (planned) previews.push({ ...planned, invoiceId, invoiceNumber: invoice.number });
  }
  return previews;
}
