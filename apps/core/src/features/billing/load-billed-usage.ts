import type { Period } from '../../domain/calendar/periods.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import type { Charge, ChargeKind } from './charge.js';

/** A line that an issued invoice has for an item's usage of a period, with what was credited of it. */
export interface BilledLine {
  readonly invoiceId: string;
  readonly invoiceLineId: string;
  readonly subscriptionItemId: string;
  readonly kind: ChargeKind;
  readonly groupValues: Charge['groupValues'];
  /** Minor units before discounts, as it was billed. */
  readonly amount: bigint;
  readonly credited: bigint;
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
  period_start: Date;
  period_end: Date;
}

/**
 * Reads what issued invoices have billed of the usage of items, the latest lines first, so that it is billed once.
 * Drafts do not count, they are rated again; nor does what was taken back as void.
 */
export async function loadBilledUsage(db: TenantReader, itemIds: readonly string[]): Promise<BilledOf> {
  if (itemIds.length === 0) return NOTHING_BILLED;
  const rows = await db.$queryRaw<BilledRow[]>`
    SELECT l.invoice_id, l.id AS line_id, l.subscription_item_id AS item_id, l.kind, l.group_values, l.amount,
      l.period_start, l.period_end,
      coalesce((SELECT sum(c.amount) FROM credit_note_lines c JOIN credit_notes n ON n.id = c.credit_note_id
                WHERE c.invoice_line_id = l.id AND n.status = 'issued'), 0)::bigint AS credited
    FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
    WHERE l.subscription_item_id = ANY(${[...itemIds]}) AND i.status NOT IN ('draft', 'void')
      AND l.kind IN ('usage', 'minimum', 'maximum', 'adjustment') AND l.period_start IS NOT NULL
    ORDER BY i.sequence DESC, l.position`;
  const byItem = new Map<string, BilledRow[]>();
  for (const row of rows) {
    const known = byItem.get(row.item_id);
    if (known) known.push(row);
    else byItem.set(row.item_id, [row]);
  }
  return (itemId, { start, end }) =>
    (byItem.get(itemId) ?? [])
      .filter((row) => row.period_start >= start && row.period_end <= end)
      .map(billedLine);
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
  };
}
