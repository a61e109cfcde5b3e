import type { Invoice, InvoiceLine } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { finalizeDrafts } from '../billing/finalize-drafts.js';
import { LATE_USAGE_PATIENCE_MS } from '../usage/late-patience.js';
import type { CreditedParts } from './credit-note-request.js';
import { holdCreditNoteNumbers } from './take-credit-note-number.js';

/**
 * Finalises a draft whose row the transaction holds, as it stands, so that it can be credited: nothing is taken back of
 * what was never asked for, and usage that comes in the rest of its grace is late usage. Its lines are written anew, so
 * what is credited is found again by what the lines are about. Where several invoices are credited, their drafts are to
 * be first: notes of late usage are taken before the number series (`lockAccounts`).
 * @returns null when the draft has come to nothing
 */
export async function finalizeForCredit(
  ctx: TenantContext,
  tx: TenantTransaction,
  draft: Invoice,
  lines: CreditedParts,
): Promise<{ invoice: Invoice; lines: CreditedParts } | null> {
  const before = await linesOf(tx, draft.id);
  await lookAgain(ctx, tx, draft);
  await holdCreditNoteNumbers(ctx, tx);
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

/**
 * Events may have come since the draft was rated: the next billing looks at its periods again. All that the customer's
 * subscriptions measure is noted at once, so that a second draft waits for nobody who brings events.
 */
async function lookAgain(ctx: TenantContext, tx: TenantTransaction, draft: Invoice): Promise<void> {
  const now = ctx.clock.now();
  await tx.db.$executeRaw`
    INSERT INTO usage_late (customer_id, event_name, occurred_from, noted_at)
    SELECT s.customer_id, m.event_name, claimed.since, ${now}
    FROM (SELECT min(period_start) AS since FROM billing_periods
          WHERE invoice_id = ${draft.id} AND kind IN ('usage', 'final')) claimed
    JOIN subscriptions s ON s.customer_id = ${draft.customerId}
    JOIN subscription_items i ON i.subscription_id = s.id
    JOIN prices r ON r.id = i.price_id
    JOIN meters m ON m.id = r.meter_id
    WHERE claimed.since IS NOT NULL
    GROUP BY s.customer_id, m.event_name, claimed.since ORDER BY m.event_name COLLATE "C"
    ON CONFLICT (customer_id, event_name)
      DO UPDATE SET occurred_from = least(usage_late.occurred_from, excluded.occurred_from)`;
  tx.due('invoices', new Date(now.getTime() + LATE_USAGE_PATIENCE_MS));
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
