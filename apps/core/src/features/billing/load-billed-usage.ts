import type { Period } from '../../domain/calendar/periods.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { ASKED_FOR } from '../credit-notes/credit-note-request.js';
import type { Charge, ChargeKind } from './charge.js';

/** A line that an invoice has for an item's usage of a period, with what was credited of it. */
export interface BilledLine {
  readonly invoiceId: string;
  readonly invoiceLineId: string;
  readonly subscriptionItemId: string;
  readonly kind: ChargeKind;
  readonly groupValues: Charge['groupValues'];
  /** Minor units before discounts, as it was billed. */
  readonly amount: bigint;
  readonly credited: bigint;
  /** The part of `credited` that corrected the line. The rest somebody gave back as a favour: it was billed rightly. */
  readonly corrected: bigint;
}

/** What was billed of the usage of an item in a period. */
export type BilledOf = (subscriptionItemId: string, period: Period) => readonly BilledLine[];

/** Nothing was billed before: the case of all but progressive billing and late events. */
export const NOTHING_BILLED: BilledOf = () => [];

interface BilledRow {
  invoice_id: string;
  line_id: string;
  item_id: string;
  kind: string;
  group_values: Record<string, string> | null;
  amount: bigint;
  credited: bigint;
  corrected: bigint;
  period_start: Date;
}

/**
 * Reads what invoices have billed of the usage of items, the latest lines first, so that it is billed once.
 * What drafts are rated again for does not count, but what they have of earlier periods does; what was taken back as void
 * does not.
 */
export async function loadBilledUsage(db: TenantReader, itemIds: readonly string[]): Promise<BilledOf> {
  if (itemIds.length === 0) return NOTHING_BILLED;
  const rows = await db.$queryRaw<BilledRow[]>`
    SELECT l.invoice_id, l.id AS line_id, l.subscription_item_id AS item_id, l.kind, l.group_values, l.amount,
      l.period_start, notes.credited, notes.corrected
    FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(c.amount), 0)::bigint AS credited,
        coalesce(sum(c.amount) FILTER (WHERE NOT starts_with(coalesce(n.source, ''), ${ASKED_FOR})), 0)::bigint AS corrected
      FROM credit_note_lines c JOIN credit_notes n ON n.id = c.credit_note_id
      WHERE c.invoice_line_id = l.id AND n.status = 'issued') notes
    WHERE l.subscription_item_id = ANY(${[...itemIds]}) AND i.status <> 'void'
      AND l.kind IN ('usage', 'minimum', 'maximum', 'adjustment') AND l.period_start IS NOT NULL
      AND (i.status <> 'draft' OR l.kind = 'adjustment' AND NOT EXISTS (
        SELECT FROM billing_periods p WHERE p.invoice_id = i.id AND p.subscription_id = l.subscription_id
          AND p.kind IN ('usage', 'final') AND p.period_start <= l.period_start AND p.period_end >= l.period_end))
    ORDER BY i.sequence DESC NULLS LAST, l.position`;
  const byItem = new Map<string, BilledRow[]>();
  for (const row of rows) {
    const known = byItem.get(row.item_id);
    if (known) known.push(row);
    else byItem.set(row.item_id, [row]);
  }
  // What was billed before its time was over says so of a longer time than there came to be.
  return (itemId, { start, end }) =>
    (byItem.get(itemId) ?? []).filter(({ period_start: at }) => at >= start && at < end).map(billedLine);
}

function billedLine(row: BilledRow): BilledLine {
  return {
    invoiceId: row.invoice_id,
    invoiceLineId: row.line_id,
    subscriptionItemId: row.item_id,
    kind: row.kind as ChargeKind,
    groupValues: row.group_values,
    amount: row.amount,
    credited: row.credited,
    corrected: row.corrected,
  };
}
