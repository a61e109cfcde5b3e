import type { Invoice } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantTransaction } from '../../tenancy/tenant-context.js';
import { discountColumns, draftColumns, draftOf, lineColumns } from './draft-rows.js';
import type { AssembledPlan, InvoicePlan } from './invoice-plan.js';

/** Writes drafts with their lines and discounts, in the order of the plans: one statement a table. */
export async function insertDrafts(
  tx: TenantTransaction,
  assembled: readonly AssembledPlan[],
  now: Date,
): Promise<Invoice[]> {
  if (assembled.length === 0) return [];
  const drafts = assembled.map((plan) => draftOf(plan, now));
  await tx.db.$executeRaw`
    INSERT INTO invoices (id, external_id, customer_id, subscription_id, status, currency, subtotal, discount_total,
      tax_total, total, amount_due, taxes, billing_reason, collection_method, net_terms_days, memo, purchase_order,
      finalize_at, on_finalize, discounts_from, metadata, created_at, updated_at)
    SELECT id, external_id, customer_id, subscription_id, 'draft', currency, subtotal, discount_total,
      tax_total, total, amount_due, taxes, billing_reason, collection_method, net_terms_days, memo, purchase_order,
      finalize_at, on_finalize, discounts_from, metadata, ${now}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(drafts.map(draftColumns))}::jsonb) AS draft (
      id text, external_id text, customer_id text, subscription_id text, currency text, subtotal bigint,
      discount_total bigint, tax_total bigint, total bigint, amount_due bigint, taxes jsonb, billing_reason text,
      collection_method text, net_terms_days int, memo text, purchase_order text, finalize_at timestamptz,
      on_finalize text, discounts_from text, metadata jsonb)`;
  await insertLinesOf(
    tx,
    drafts.flatMap(({ id }, index) => {
      const plan = assembled[index];
      return plan ? [{ invoiceId: id, plan }] : [];
    }),
  );
  return drafts;
}

/** Writes the lines and discounts of drafts that have none. */
export async function insertLinesOf(
  tx: TenantTransaction,
  invoices: readonly { readonly invoiceId: string; readonly plan: AssembledPlan }[],
): Promise<void> {
  const lines = invoices.flatMap(({ invoiceId, plan }) => lineColumns(invoiceId, plan));
  if (lines.length > 0) {
    await tx.db.$executeRaw`
      INSERT INTO invoice_lines (id, invoice_id, position, description, kind, price_id, subscription_id,
        subscription_item_id, meter_id, group_values, quantity, unit_amount, amount, discount_amount, net_amount,
        tax_amount, taxes, tax_category, tax_behavior, unit, event_count, period_start, period_end, explanation)
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) AS line (
        id text, invoice_id text, position int, description text, kind text, price_id text, subscription_id text,
        subscription_item_id text, meter_id text, group_values jsonb, quantity numeric, unit_amount numeric,
        amount bigint, discount_amount bigint, net_amount bigint, tax_amount bigint, taxes jsonb, tax_category text,
        tax_behavior text, unit text, event_count bigint, period_start timestamptz, period_end timestamptz,
        explanation jsonb)`;
  }
  const discounts = invoices.flatMap(({ invoiceId, plan }) => discountColumns(invoiceId, plan));
  if (discounts.length > 0) {
    await tx.db.$executeRaw`
      INSERT INTO invoice_discounts (invoice_id, discount_id, name, position, amount)
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(discounts)}::jsonb)
        AS used (invoice_id text, discount_id text, name text, position int, amount bigint)`;
  }
}

/** Writes what plans claim, each claim with the invoice that bills it, or with none where nothing had to be billed. */
export async function insertClaims(
  tx: TenantTransaction,
  billed: readonly { readonly plan: InvoicePlan; readonly invoiceId: string | null }[],
  now: Date,
): Promise<void> {
  const claims = billed.flatMap(({ plan, invoiceId }) =>
    plan.claims.map(({ subscriptionId, kind, periodStart, periodEnd }) => ({
      id: newId('bp'),
      subscription_id: subscriptionId,
      kind,
      period_start: periodStart,
      period_end: periodEnd,
      invoice_id: invoiceId,
    })),
  );
  if (claims.length === 0) return;
  await tx.db.$executeRaw`
    INSERT INTO billing_periods (id, subscription_id, kind, period_start, period_end, invoice_id, created_at)
    SELECT id, subscription_id, kind, period_start, period_end, invoice_id, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) AS claim (id text, subscription_id text, kind text,
      period_start timestamptz, period_end timestamptz, invoice_id text)`;
}
