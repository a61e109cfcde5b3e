import type { Subscription } from '@nova/prisma-tenant';

import type { Period } from '../../../domain/calendar/periods.js';
import { Decimal, roundToMinor } from '../../../domain/money/decimal.js';
import { prorate } from '../../../domain/proration/fraction.js';
import { intersect } from '../../../domain/proration/proration-factor.js';
import type { TenantReader } from '../../../tenancy/tenant-context.js';
import type { LineExplanation } from '../../billing/charge.js';
import { type CreditedInvoiceLine, isAskedFor } from '../../credit-notes/credit-note-request.js';
import type { PlannedCredit } from './act.js';
import { shareAhead } from './share-ahead.js';

/** A line that charged a fee in advance, and what of it was credited before, in minor units before discounts. */
export interface FeeLine {
  readonly invoiceId: string;
  readonly invoiceLineId: string;
  readonly priceId: string;
  readonly amount: bigint;
  readonly credited: bigint;
  /** What of it was charged for time that is still ahead, less what was given back of that time; unrounded. */
  readonly ahead: Decimal;
  readonly period: Period;
}

/** What is to be given back of a price, and for what time. */
export interface FeeCredit {
  readonly priceId: string;
  readonly amount: bigint;
  readonly period: Period;
  readonly explanation: Partial<LineExplanation>;
}

interface FeeRow {
  invoice_id: string;
  line_id: string;
  price_id: string;
  amount: bigint;
  period_start: Date;
  period_end: Date;
}

/**
 * The lines that have charged a subscription fees for time after a moment, the latest first: a change's before that of
 * the period it changed. Drafts count, for a credit makes an invoice of its draft; what is void does not. A pause may
 * have moved the end of the current period beyond what its lines say.
 */
export async function loadFeeLines(
  db: TenantReader,
  subscription: Subscription,
  after: Date,
): Promise<FeeLine[]> {
  const rows = await db.$queryRaw<FeeRow[]>`
    SELECT l.invoice_id, l.id AS line_id, l.price_id, l.amount, l.period_start, l.period_end
    FROM subscription_items s
    JOIN invoice_lines l ON l.subscription_item_id = s.id
    JOIN invoices i ON i.id = l.invoice_id
    JOIN prices p ON p.id = l.price_id
    WHERE s.subscription_id = ${subscription.id} AND i.status <> 'void' AND p.type = 'recurring'
      AND l.kind IN ('recurring', 'change') AND l.amount > 0
      AND (l.period_end > ${after} OR l.period_start >= ${subscription.currentPeriodStart})
    ORDER BY l.period_start DESC, i.created_at DESC, l.id DESC`;
  const creditsOf = await loadCredits(
    db,
    rows.map(({ line_id }) => line_id),
  );
  return rows.map((row) => {
    const period = { start: row.period_start, end: row.period_end };
    const credits = creditsOf(row.line_id);
    const ahead = (amount: bigint, of: Period) =>
      prorate(new Decimal(amount.toString()), shareAhead(subscription, of, after));
    return {
      invoiceId: row.invoice_id,
      invoiceLineId: row.line_id,
      priceId: row.price_id,
      amount: row.amount,
      credited: credits.reduce((sum, { amount }) => sum + amount, 0n),
      ahead: credits
        .flatMap((credit) => (credit.unused ? ahead(credit.amount, credit.unused) : []))
        .reduce((rest, credit) => rest.minus(credit), ahead(row.amount, period)),
      period,
    };
  });
}

interface LineCredit {
  readonly amount: bigint;
  /** The time that it gave back; null where somebody gave it for another reason. */
  readonly unused: Period | null;
}

async function loadCredits(
  db: TenantReader,
  lineIds: readonly string[],
): Promise<(lineId: string) => readonly LineCredit[]> {
  const rows = await db.creditNoteLine.findMany({
    where: { invoiceLineId: { in: [...lineIds] }, creditNote: { status: 'issued' } },
    include: { creditNote: { select: { source: true } } },
  });
  return (lineId) =>
    rows
      .filter(({ invoiceLineId }) => invoiceLineId === lineId)
      .map(({ amount, periodStart, periodEnd, creditNote }) => {
        const isOfTime = periodStart !== null && periodEnd !== null && !isAskedFor(creditNote.source);
        return { amount, unused: isOfTime ? { start: periodStart, end: periodEnd } : null };
      });
}

/** What lines have charged for a price for time that is still ahead, as far as it can be given back. */
export function chargedFor(lines: readonly FeeLine[], priceId: string): { billed: bigint; credited: bigint } {
  const mine = lines.filter((line) => line.priceId === priceId);
  const left = mine.reduce((sum, { amount, credited }) => sum + amount - credited, 0n);
  const ahead = roundToMinor(
    mine.reduce((sum, line) => sum.plus(line.ahead), new Decimal(0)),
    'half_away_from_zero',
  );
  return { billed: ahead < left ? ahead : left, credited: 0n };
}

/**
 * Takes credits from the lines that charged them, the latest lines first, never more of a line than is left of it: one
 * credit note for each invoice that charged.
 */
export function drawCredits(lines: readonly FeeLine[], credits: readonly FeeCredit[]): PlannedCredit[] {
  const left = new Map(lines.map((line) => [line.invoiceLineId, line.amount - line.credited]));
  const byInvoice = new Map<string, CreditedInvoiceLine[]>();
  for (const { priceId, amount, period, explanation } of credits) {
    let rest = amount;
    for (const line of lines) {
      const available = left.get(line.invoiceLineId) ?? 0n;
      if (line.priceId !== priceId || available <= 0n || rest === 0n) continue;
      const taken = available < rest ? available : rest;
      left.set(line.invoiceLineId, available - taken);
      rest -= taken;
      const drawn: CreditedInvoiceLine = {
        invoiceLineId: line.invoiceLineId,
        amount: taken,
        period: intersect(line.period, period) ?? period,
        explanation,
      };
      const known = byInvoice.get(line.invoiceId);
      if (known) known.push(drawn);
      else byInvoice.set(line.invoiceId, [drawn]);
    }
  }
  return [...byInvoice].map(([invoiceId, drawn]) => ({ invoiceId, lines: drawn }));
}
