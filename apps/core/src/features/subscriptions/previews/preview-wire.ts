import { z } from 'zod';

import { toWireAmount } from '../../../domain/money/money.js';
import { MomentSchema } from '../../../platform/http/common-schemas.js';
import { CurrencySchema } from '../../../platform/wire/codes.js';
import { BILLING_REASONS, type AssembledPlan } from '../../billing/invoice-plan.js';
import { CHARGE_KINDS } from '../../billing/charge.js';
import { SubscriptionSchema } from '../subscription-wire.js';
import type { PreviewedCreditNote } from './preview-credits.js';

const SignedAmountSchema = z.int().meta({ description: 'In minor units of the currency.' });

const PreviewLineSchema = z
  .object({
    kind: z.enum(CHARGE_KINDS),
    description: z.string(),
    priceId: z.string().nullable(),
    quantity: z.string(),
    unitAmount: z.string(),
    amount: SignedAmountSchema,
    discountAmount: SignedAmountSchema,
    netAmount: SignedAmountSchema,
    taxAmount: SignedAmountSchema,
    periodStart: MomentSchema.nullable(),
    periodEnd: MomentSchema.nullable(),
    explanation: z.record(z.string(), z.unknown()).meta({ description: 'How the amount came about.' }),
  })
  .meta({ id: 'UpcomingInvoiceLine' });

export const InvoicePreviewSchema = z
  .object({
    at: MomentSchema.meta({ description: 'When it falls due to be billed.' }),
    customerId: z.string(),
    subscriptionId: z.string().nullable(),
    billingReason: z.enum(BILLING_REASONS),
    currency: CurrencySchema,
    subtotal: SignedAmountSchema,
    discountTotal: SignedAmountSchema,
    taxTotal: SignedAmountSchema,
    total: SignedAmountSchema.meta({
      description: 'Before what the customer’s balance and wallets pay of it.',
    }),
    lines: z.array(PreviewLineSchema),
  })
  .meta({ id: 'UpcomingInvoice' });
export type InvoicePreviewWire = z.infer<typeof InvoicePreviewSchema>;

const CreditNotePreviewSchema = z
  .object({
    invoiceId: z.string(),
    invoiceNumber: z.string().nullable(),
    subtotal: SignedAmountSchema,
    discountTotal: SignedAmountSchema,
    taxTotal: SignedAmountSchema,
    total: SignedAmountSchema,
    toInvoice: SignedAmountSchema.meta({ description: 'Taken off what is due on the invoice.' }),
    toBalance: SignedAmountSchema.meta({ description: 'Put on the customer’s balance.' }),
    lines: z.array(
      z
        .object({
          invoiceLineId: z.string(),
          amount: SignedAmountSchema,
          netAmount: SignedAmountSchema,
          taxAmount: SignedAmountSchema,
          periodStart: MomentSchema.nullable(),
          periodEnd: MomentSchema.nullable(),
        })
        .meta({ id: 'UpcomingCreditNoteLine' }),
    ),
  })
  .meta({ id: 'UpcomingCreditNote' });

export const SubscriptionPreviewSchema = z
  .object({
    object: z.literal('subscription_preview'),
    effectiveAt: MomentSchema,
    invoices: z.array(InvoicePreviewSchema),
    creditNotes: z.array(CreditNotePreviewSchema),
    charged: SignedAmountSchema.meta({ description: 'The invoices’ totals.' }),
    credited: SignedAmountSchema.meta({ description: 'The credit notes’ totals.' }),
    subscription: SubscriptionSchema.meta({ description: 'As it would be then.' }),
    nextInvoice: InvoicePreviewSchema.nullable().meta({
      description: 'What comes after it if nothing else happens, with the usage of up to now.',
    }),
  })
  .meta({ id: 'SubscriptionPreview' });
export type SubscriptionPreviewWire = z.infer<typeof SubscriptionPreviewSchema>;

/** An invoice that is not there yet, as callers see it. */
export function toInvoicePreview({ plan, money }: AssembledPlan, at: Date): InvoicePreviewWire {
  return {
    at: at.toISOString(),
    customerId: plan.customerId,
    subscriptionId: plan.subscriptionId,
    billingReason: plan.billingReason,
    currency: plan.currency as InvoicePreviewWire['currency'],
    subtotal: toWireAmount(money.subtotal),
    discountTotal: toWireAmount(money.discountTotal),
    taxTotal: toWireAmount(money.taxTotal),
    total: toWireAmount(money.total),
    lines: plan.charges.flatMap((charge, index) => {
      const line = money.lines[index];
      if (!line) return [];
      return {
        kind: charge.kind,
        description: charge.description,
        priceId: charge.priceId,
        quantity: charge.quantity.toFixed(),
        unitAmount: charge.unitAmount.toFixed(),
        amount: toWireAmount(charge.amount),
        discountAmount: toWireAmount(line.discount),
        netAmount: toWireAmount(line.net),
        taxAmount: toWireAmount(line.tax),
        periodStart: charge.period?.start.toISOString() ?? null,
        periodEnd: charge.period?.end.toISOString() ?? null,
        explanation: { ...charge.explanation },
      };
    }),
  };
}

/** A credit note that is not there yet, as callers see it. */
export function toCreditNotePreview(
  note: PreviewedCreditNote,
): SubscriptionPreviewWire['creditNotes'][number] {
  const { money, split, lines } = note;
  return {
    invoiceId: note.invoiceId,
    invoiceNumber: note.invoiceNumber,
    subtotal: toWireAmount(money.subtotal),
    discountTotal: toWireAmount(money.discountTotal),
    taxTotal: toWireAmount(money.taxTotal),
    total: toWireAmount(money.total),
    toInvoice: toWireAmount(split.toInvoice),
    toBalance: toWireAmount(split.toBalance),
    lines: money.lines.flatMap((share, index) => {
      const asked = lines[index]?.asked;
      if (!asked) return [];
      return {
        invoiceLineId: asked.invoiceLineId,
        amount: toWireAmount(share.amount),
        netAmount: toWireAmount(share.net),
        taxAmount: toWireAmount(share.tax),
        periodStart: asked.period?.start.toISOString() ?? null,
        periodEnd: asked.period?.end.toISOString() ?? null,
      };
    }),
  };
}
