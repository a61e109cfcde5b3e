import type { CreditNote } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { beginRefund } from './begin-refund.js';
import { refundablePayments } from './refundable-payments.js';

/**
 * Sends what a note refunds back by the invoice's payments, the latest first. Called once, in the transaction that issues
 * the note, with the invoice's row held.
 */
export async function refundCreditNote(
  ctx: TenantContext,
  tx: TenantTransaction,
  note: Pick<CreditNote, 'id' | 'invoiceId' | 'toRefund'>,
): Promise<void> {
  let left = note.toRefund;
  for (const { payment, rest } of await refundablePayments(tx.db, note.invoiceId)) {
    if (left === 0n) return;
    const amount = rest < left ? rest : left;
    const source = `credit_note:${note.id}:${payment.id}`;
    await beginRefund(ctx, tx, { payment, creditNoteId: note.id, amount, source });
    left -= amount;
  }
  if (left > 0n)
    throw new Error(`Of credit note ${note.id}, ${left} is to be refunded beyond what was paid.`);
}
