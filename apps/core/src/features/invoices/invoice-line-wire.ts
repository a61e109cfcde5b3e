import type { InvoiceLine } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { GROUP_LINES_MAX } from '../billing/bound-groups.js';
import { CHARGE_KINDS } from '../billing/charge.js';
import { LineExplanationSchema, readExplanation, toExplanationWire } from './line-explanation.js';
import { SignedAmountSchema, TaxShareSchema } from './tax-wire.js';

export const InvoiceLineSchema = z
  .object({
    id: z.string(),
    kind: z.enum(CHARGE_KINDS).meta({
      description:
        '`usage` is what meters counted, `minimum`, `maximum` and `commitment` what bounds of a period made of it, `change` what a change of a subscription costs, `adjustment` what late usage adds.',
    }),
    description: z.string(),
    priceId: z.string().nullable(),
    subscriptionId: z.string().nullable(),
    subscriptionItemId: z.string().nullable(),
    meterId: z.string().nullable(),
    groupValues: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description: `The values of the price’s \`groupBy\` properties that the line is about. A price makes at most ${GROUP_LINES_MAX} lines a period: of more groups those of the smallest amounts are summed in one line without values, which says how many they are and comes to exactly what they would.`,
      }),
    quantity: z.string().meta({ description: 'A decimal.', example: '1' }),
    unit: z.string().nullable().meta({ description: 'What one of it is called.', example: 'call' }),
    unitAmount: z.string().meta({
      description: 'A decimal in minor units; may be finer than one. Of tiers and the like the average.',
      example: '0.8',
    }),
    amount: SignedAmountSchema.meta({ description: 'Before discounts, in minor units.' }),
    discountAmount: SignedAmountSchema,
    netAmount: SignedAmountSchema.meta({ description: 'After discounts and without tax.' }),
    taxAmount: SignedAmountSchema,
    taxes: z.array(TaxShareSchema),
    taxCategory: z.string(),
    taxBehavior: z.enum(['exclusive', 'inclusive']),
    eventCount: AmountSchema.nullable().meta({ description: 'How many events a usage line has counted.' }),
    periodStart: MomentSchema.nullable().meta({ description: 'The first moment that the line pays for.' }),
    periodEnd: MomentSchema.nullable().meta({ description: 'The first moment that it no longer pays for.' }),
    explanation: LineExplanationSchema,
  })
  .meta({ id: 'InvoiceLine' });
export type InvoiceLineWire = z.infer<typeof InvoiceLineSchema>;

/** The line as callers see it. */
export function toLineWire(line: InvoiceLine): InvoiceLineWire {
  // JSON and text columns were checked on their way in, and the answer is checked against the schema.
  return {
    id: line.id,
    kind: line.kind as InvoiceLineWire['kind'],
    description: line.description,
    priceId: line.priceId,
    subscriptionId: line.subscriptionId,
    subscriptionItemId: line.subscriptionItemId,
    meterId: line.meterId,
    groupValues: line.groupValues as InvoiceLineWire['groupValues'],
    quantity: line.quantity.toFixed(),
    unit: line.unit,
    unitAmount: line.unitAmount.toFixed(),
    amount: toWireAmount(line.amount),
    discountAmount: toWireAmount(line.discountAmount),
    netAmount: toWireAmount(netOf(line)),
    taxAmount: toWireAmount(line.taxAmount),
    taxes: line.taxes as InvoiceLineWire['taxes'],
    taxCategory: line.taxCategory,
    taxBehavior: line.taxBehavior as InvoiceLineWire['taxBehavior'],
    eventCount: line.eventCount === null ? null : toWireAmount(line.eventCount),
    periodStart: line.periodStart?.toISOString() ?? null,
    periodEnd: line.periodEnd?.toISOString() ?? null,
    explanation: toExplanationWire(readExplanation(line.explanation, line.amount)),
  };
}

/** Lines from before there were taxes have no net amount of their own. */
export function netOf({
  netAmount,
  amount,
  discountAmount,
}: Pick<InvoiceLine, 'netAmount' | 'amount' | 'discountAmount'>): bigint {
  return netAmount ?? amount - discountAmount;
}
