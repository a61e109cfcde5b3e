import { z } from 'zod';

import type { LineExplanation } from '../billing/charge.js';

const DecimalText = z.string().meta({ description: 'A decimal.', example: '0.8' });

const ConversionStepSchema = z
  .object({ kind: z.literal('conversion'), measured: DecimalText, converted: DecimalText })
  .meta({ id: 'ConversionStep', description: 'What was measured, in the unit that is charged for.' });

const FreeStepSchema = z
  .object({ kind: z.literal('free'), of: z.enum(['units', 'amount']), quantity: DecimalText })
  .meta({ id: 'FreeStep', description: 'Units, or an amount in minor units, that cost nothing.' });

const PRICED_STEP_KINDS = [
  'flat',
  'units',
  'tier',
  'packages',
  'blocks',
  'percentage',
  'fixed_fees',
  'event_bounds',
  'dynamic',
  'capacity',
] as const;

const PricedStepSchema = z
  .object({
    kind: z.enum(PRICED_STEP_KINDS),
    tier: z.int().nullable().meta({ description: 'From 1; null where there are no tiers.' }),
    from: DecimalText.nullable().meta({ description: 'Where the tier begins; not part of it.' }),
    upTo: DecimalText.nullable().meta({ description: 'Where the tier ends, part of it; null for never.' }),
    quantity: DecimalText.meta({
      description: 'Units, packages, blocks or events; an amount in minor units where a rate applies.',
    }),
    unitAmount: DecimalText.nullable().meta({ description: 'Minor units for one of the quantity.' }),
    rate: DecimalText.nullable().meta({ description: 'Percent.' }),
    flatAmount: DecimalText.meta({ description: 'Minor units.' }),
    amount: DecimalText.meta({ description: 'What the step comes to: minor units, not rounded.' }),
  })
  .meta({ id: 'PricedStep' });

const ProrationSchema = z
  .object({
    numerator: z.string(),
    denominator: z.string(),
    basis: z.string().meta({ description: 'What is counted: `day` or `second`.' }),
    from: z.string(),
    to: z.string(),
  })
  .meta({ id: 'LineProration', description: 'The share of a full period that the line pays for.' });

/** How an amount came about, on the wire. All numbers are decimal texts in minor units. */
export const LineExplanationSchema = z
  .object({
    model: z.string().meta({
      description: 'The charge model; the kind of the line where no price was rated.',
      example: 'graduated',
    }),
    unrounded: DecimalText.meta({ description: 'The amount before its one rounding, in minor units.' }),
    rounding: z.string().meta({ example: 'half_away_from_zero' }),
    steps: z
      .array(z.union([PricedStepSchema, ConversionStepSchema, FreeStepSchema]))
      .meta({ description: 'The parts of the unrounded amount; the tiers that were used.' }),
    proration: ProrationSchema.nullable(),
    alreadyBilled: DecimalText.nullable().meta({
      description: 'What earlier invoices billed of the same usage, taken off.',
    }),
    compared: z
      .object({ bound: DecimalText, spent: DecimalText })
      .nullable()
      .meta({ description: 'The minimum, maximum or commitment, and what was spent of it.' }),
  })
  .meta({ id: 'LineExplanation', description: 'How the amount came about, to be recomputed by hand.' });
export type LineExplanationWire = z.infer<typeof LineExplanationSchema>;

/** Reads what a line's column has. A line that was written without one explains itself by its amount. */
export function readExplanation(column: unknown, amount: bigint): LineExplanation {
  const { model, unrounded, rounding, ...more } = column as Partial<LineExplanation>;
  return {
    model: model ?? 'flat',
    unrounded: unrounded ?? amount.toString(),
    rounding: rounding ?? 'half_away_from_zero',
    ...more,
  };
}

/** The explanation as callers see it: with null for what does not apply. */
export function toExplanationWire(explanation: LineExplanation): LineExplanationWire {
  const { model, unrounded, rounding, steps, proration, alreadyBilled, compared } = explanation;
  return {
    model,
    unrounded,
    rounding,
    steps: [...(steps ?? [])],
    proration: proration ?? null,
    alreadyBilled: alreadyBilled ?? null,
    compared: compared ?? null,
  };
}
