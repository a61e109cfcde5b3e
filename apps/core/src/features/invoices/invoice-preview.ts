import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import type { AssembledLine } from '../../domain/invoices/invoice-types.js';
import type { TaxShare } from '../../domain/tax/tax-types.js';
import { AmountSchema } from '../../platform/http/common-schemas.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { assembleInvoicePlans } from '../billing/assemble-invoice-plans.js';
import type { Charge } from '../billing/charge.js';
import type { AssembledPlan } from '../billing/invoice-plan.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { InvoiceLineSchema, type InvoiceLineWire } from './invoice-line-wire.js';
import { AppliedDiscountSchema } from './invoice-wire.js';
import type { CreateInvoice } from './invoices.schemas.js';
import { toExplanationWire } from './line-explanation.js';
import { planDraft } from './plan-draft.js';
import { SignedAmountSchema, TaxRowSchema, type TaxShareWire } from './tax-wire.js';

const InvoicePreviewLineSchema = InvoiceLineSchema.omit({ id: true }).meta({ id: 'InvoicePreviewLine' });

export const InvoicePreviewSchema = z
  .object({
    object: z.literal('invoice_preview'),
    customerId: z.string(),
    currency: CurrencySchema,
    subtotal: SignedAmountSchema,
    discountTotal: AmountSchema,
    taxTotal: SignedAmountSchema,
    total: SignedAmountSchema.meta({
      description: 'Before anything is settled from the customer’s balance or wallets.',
    }),
    lines: z.array(InvoicePreviewLineSchema),
    discounts: z.array(AppliedDiscountSchema),
    taxes: z.array(TaxRowSchema),
  })
  .meta({ id: 'InvoicePreview', description: 'What an invoice would come to now. Nothing is written.' });
export type InvoicePreviewWire = z.infer<typeof InvoicePreviewSchema>;

/**
 * What an invoice written by hand would come to, with the discounts and taxes of today. Writes nothing.
 * @throws notFound, invalidRequest, amountTooLarge
 */
export async function previewInvoice(ctx: TenantContext, input: CreateInvoice): Promise<InvoicePreviewWire> {
  const customer = await requireCustomer(ctx.db, input.customerId);
  const [assembled] = await assembleInvoicePlans(ctx, ctx.db, [
    await planDraft(ctx, ctx.db, { customer, input }),
  ]);
  if (!assembled) throw new Error('A preview that was asked for was not worked out.');
  return toInvoicePreviewWire(assembled);
}

/** An invoice that is not written, as callers see it. */
export function toInvoicePreviewWire({ plan, money, discounts }: AssembledPlan): InvoicePreviewWire {
  return {
    object: 'invoice_preview',
    customerId: plan.customerId,
    currency: plan.currency as InvoicePreviewWire['currency'],
    subtotal: toWireAmount(money.subtotal),
    discountTotal: toWireAmount(money.discountTotal),
    taxTotal: toWireAmount(money.taxTotal),
    total: toWireAmount(money.total),
    lines: plan.charges.flatMap((charge, index) => {
      const line = money.lines[index];
      return line ? [lineOf(charge, line)] : [];
    }),
    discounts: discounts.map((use) => ({ ...use, amount: toWireAmount(use.amount) })),
    taxes: money.taxes.map((row) => ({ ...shareOf(row), reason: row.reason })),
  };
}

function lineOf(charge: Charge, line: AssembledLine): Omit<InvoiceLineWire, 'id'> {
  const { quantity, unitAmount, amount, eventCount, period, explanation } = charge;
  return {
    kind: charge.kind,
    description: charge.description,
    priceId: charge.priceId,
    subscriptionId: charge.subscriptionId,
    subscriptionItemId: charge.subscriptionItemId,
    meterId: charge.meterId,
    groupValues: charge.groupValues === null ? null : { ...charge.groupValues },
    quantity: quantity.toFixed(),
    unit: charge.unit,
    unitAmount: unitAmount.toFixed(),
    amount: toWireAmount(amount),
    discountAmount: toWireAmount(line.discount),
    netAmount: toWireAmount(line.net),
    taxAmount: toWireAmount(line.tax),
    taxes: line.taxes.map(shareOf),
    taxCategory: charge.taxCategory,
    taxBehavior: charge.taxBehavior,
    eventCount: eventCount === null ? null : toWireAmount(eventCount),
    periodStart: period?.start.toISOString() ?? null,
    periodEnd: period?.end.toISOString() ?? null,
    explanation: toExplanationWire(explanation),
  };
}

function shareOf({ code, name, rate, base, amount }: TaxShare): TaxShareWire {
  return { code, name, rate, base: toWireAmount(base), amount: toWireAmount(amount) };
}
