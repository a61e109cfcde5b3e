import type { Period } from '../../../domain/calendar/periods.js';
import { intersect } from '../../../domain/proration/proration-factor.js';
import type { TenantReader } from '../../../tenancy/tenant-context.js';
import type { LineExplanation } from '../../billing/charge.js';
import type { CreditedInvoiceLine } from '../../credit-notes/credit-note-request.js';
import type { PlannedCredit } from './act.js';

/** A line that charged a fee in advance, and what of it was credited before, in minor units before discounts. */
export interface FeeLine {
  readonly invoiceId: string;
  readonly invoiceLineId: string;
  readonly priceId: string;
  readonly amount: bigint;
  readonly credited: bigint;
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
  credited: bigint;
  period_start: Date;
  period_end: Date;
}

/**
 * The lines that have charged a subscription fees for time after a moment, the latest first: a change's before that of
 * the period it changed. Drafts count, for a credit makes an invoice of its draft; what is void does not.
 */
export async function loadFeeLines(
  db: TenantReader,
  subscriptionId: string,
  after: Date,
): Promise<FeeLine[]> {
  const rows = await db.$queryRaw<FeeRow[]>`
    SELECT l.invoice_id, l.id AS line_id, l.price_id, l.amount, l.period_start, l.period_end,
      coalesce((SELECT sum(c.amount) FROM credit_note_lines c JOIN credit_notes n ON n.id = c.credit_note_id
                WHERE c.invoice_line_id = l.id AND n.status = 'issued'), 0)::bigint AS credited
    FROM subscription_items s
    JOIN invoice_lines l ON l.subscription_item_id = s.id
    JOIN invoices i ON i.id = l.invoice_id
    JOIN prices p ON p.id = l.price_id
    WHERE s.subscription_id = ${subscriptionId} AND i.status <> 'void' AND p.type = 'recurring'
      AND l.kind IN ('recurring', 'change') AND l.amount > 0 AND l.period_end > ${after}
    ORDER BY l.period_start DESC, i.created_at DESC, l.id DESC`;
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    invoiceLineId: row.line_id,
    priceId: row.price_id,
    amount: row.amount,
    credited: row.credited,
    period: { start: row.period_start, end: row.period_end },
  }));
}

/** What lines have charged for a price, and how much of it was credited. */
export function chargedFor(lines: readonly FeeLine[], priceId: string): { billed: bigint; credited: bigint } {
  const mine = lines.filter((line) => line.priceId === priceId);
  return {
    billed: mine.reduce((sum, { amount }) => sum + amount, 0n),
    credited: mine.reduce((sum, { credited }) => sum + credited, 0n),
  };
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
