import type { Invoice, InvoiceLine } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { finalizeDrafts } from '../billing/finalize-drafts.js';
import type { CreditedParts } from './credit-note-request.js';

/**
 * Finalises a draft whose row the transaction holds, as it stands, so that it can be credited: nothing is taken back of
 * what was never asked for, and usage that comes in the rest of its grace is late usage. Its lines are written anew, so
 * what is credited is found again by what the lines are about.
 * @returns null when the draft has come to nothing
 */
export async function finalizeForCredit(
  ctx: TenantContext,
  tx: TenantTransaction,
  draft: Invoice,
  lines: CreditedParts,
): Promise<{ invoice: Invoice; lines: CreditedParts } | null> {
  const before = await linesOf(tx, draft.id);
  const [invoice] = await finalizeDrafts(ctx, tx, [draft]);
  if (!invoice) return null;
  if (lines === 'all' || 'total' in lines) return { invoice, lines };
  const after = await linesOf(tx, draft.id);
  const found = lines.flatMap((asked) => {
    const old = before.find(({ id }) => id === asked.invoiceLineId);
    const line = old && counterpart(old, after);
    return line ? [{ ...asked, invoiceLineId: line.id }] : [];
  });
  return { invoice, lines: found };
}

function linesOf(tx: TenantTransaction, invoiceId: string): Promise<InvoiceLine[]> {
  return tx.db.invoiceLine.findMany({ where: { invoiceId }, orderBy: { position: 'asc' } });
}

function counterpart(old: InvoiceLine, lines: readonly InvoiceLine[]): InvoiceLine | undefined {
  const same = lines.filter((line) => keyOf(line) === keyOf(old));
  return same.find(({ position }) => position === old.position) ?? same[0];
}

function keyOf(line: InvoiceLine): string {
  const { kind, priceId, subscriptionItemId, groupValues, periodStart, periodEnd, description } = line;
  return JSON.stringify([
    kind,
    priceId,
    subscriptionItemId,
    groupValues,
    periodStart,
    periodEnd,
    description,
  ]);
}
