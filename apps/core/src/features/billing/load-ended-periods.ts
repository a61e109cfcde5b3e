import type { TenantReader } from '../../tenancy/tenant-context.js';
import { ASKED_FOR } from '../credit-notes/credit-note-request.js';
import { aggregateUsage } from '../usage/aggregate-usage.js';
import type { Billable, BilledPeriod } from './billable.js';
import { type BilledOf, loadBilledUsage, NOTHING_BILLED } from './load-billed-usage.js';
import type { EndedPeriod } from './renewal-charges.js';
import { usageRequests } from './usage-charges.js';

/** A period of a subscription that is to be rated. */
export interface RatedStretch {
  readonly billable: Billable;
  readonly billed: BilledPeriod;
}

/** Reads what periods have used and what was billed of it: a fixed number of statements however many there are. */
export async function loadEndedPeriods(
  db: TenantReader,
  stretches: readonly RatedStretch[],
): Promise<(stretch: RatedStretch) => EndedPeriod> {
  const usage = await aggregateUsage(
    db,
    stretches.flatMap(({ billable, billed }) => usageRequests(billable, billed)),
  );
  const billed = await loadProgressivelyBilled(db, stretches);
  const spent = await loadSpent(db, stretches);
  return (stretch) => ({ usage, billed, spentBefore: spent.get(keyOf(stretch)) ?? 0n });
}

/** What invoices have billed before their periods were over: only where a threshold led to some. */
async function loadProgressivelyBilled(
  db: TenantReader,
  stretches: readonly RatedStretch[],
): Promise<BilledOf> {
  if (stretches.length === 0) return NOTHING_BILLED;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT w.id FROM jsonb_to_recordset(${JSON.stringify(stretches.map(windowOf))}::jsonb)
      AS w (id text, starts timestamptz, ends timestamptz)
    JOIN billing_periods p ON p.subscription_id = w.id AND p.kind = 'threshold'
      AND p.period_start >= w.starts AND p.period_start < w.ends`;
  const ids = new Set(rows.map(({ id }) => id));
  const items = stretches
    .filter(({ billable }) => ids.has(billable.subscription.id))
    .flatMap(({ billable }) => billable.items.map(({ row }) => row.id));
  return loadBilledUsage(db, items);
}

/**
 * What subscriptions with a commitment have been billed for these periods before they were over: fees and changes that
 * are paid ahead, also where their draft waits still, and usage at a threshold. What was given back as a favour counts.
 */
async function loadSpent(db: TenantReader, stretches: readonly RatedStretch[]): Promise<Map<string, bigint>> {
  const committed = stretches.filter(({ billable }) => billable.subscription.commitmentAmount !== null);
  if (committed.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; starts: Date; spent: bigint }[]>`
    SELECT w.id, w.starts, sum(l.amount - coalesce((
        SELECT sum(c.amount) FROM credit_note_lines c JOIN credit_notes n ON n.id = c.credit_note_id
        WHERE c.invoice_line_id = l.id AND n.status = 'issued' AND NOT starts_with(coalesce(n.source, ''), ${ASKED_FOR})), 0)
      )::bigint AS spent
    FROM jsonb_to_recordset(${JSON.stringify(committed.map(windowOf))}::jsonb)
      AS w (id text, starts timestamptz, ends timestamptz)
    JOIN LATERAL (SELECT DISTINCT p.invoice_id FROM billing_periods p
      WHERE p.subscription_id = w.id AND p.period_start >= w.starts AND p.period_start < w.ends) billed ON true
    JOIN invoices i ON i.id = billed.invoice_id AND i.status <> 'void'
    JOIN invoice_lines l ON l.invoice_id = i.id AND l.subscription_id = w.id
      AND l.period_start >= w.starts AND l.period_start < w.ends
    JOIN prices r ON r.id = l.price_id
      AND (r.type = 'recurring' AND r.billing = 'in_advance' OR r.type = 'usage' AND i.status <> 'draft')
    GROUP BY w.id, w.starts`;
  return new Map(rows.map(({ id, starts, spent }) => [`${id} ${starts.getTime()}`, spent]));
}

function windowOf({ billable, billed }: RatedStretch) {
  return { id: billable.subscription.id, starts: billed.period.start, ends: billed.period.end };
}

function keyOf({ billable, billed }: RatedStretch): string {
  return `${billable.subscription.id} ${billed.period.start.getTime()}`;
}
