import { z } from 'zod';

import { CHARGE_MODELS } from '../../domain/rating/charge-terms.js';
import { MAX_TIERS } from '../../domain/rating/term-limits.js';
import { validateChargeTerms } from '../../domain/rating/validate-charge-terms.js';

const decimal = (description: string, example: string) => z.string().meta({ description, example });
const price = decimal('A decimal in minor units of the currency; may be finer than one.', '0.8');
const quantity = decimal('A decimal.', '1000');
const rate = decimal('Percent, at most 100.', '1.5');
const upTo = quantity.nullable().meta({ description: 'Included; null in the last tier, which is open.' });

const ConversionSchema = z
  .object({
    operator: z.enum(['multiply', 'divide']),
    factor: quantity,
    rounding: z.enum(['none', 'up', 'down', 'half_up']),
    precision: z.int().meta({ description: 'Decimals that the rounding keeps; negative for tens and more.' }),
  })
  .meta({
    id: 'UnitConversion',
    description: 'How what was measured becomes what is billed: bytes into gigabytes, for example.',
  });

const common = {
  freeUnits: quantity.meta({ description: 'Not billed; taken off after the conversion.' }),
  conversion: ConversionSchema.nullable(),
};
const TierSchema = z.object({ upTo, unitAmount: price, flatAmount: price }).meta({ id: 'PriceTier' });
const RateTierSchema = z.object({ upTo, rate, flatAmount: price }).meta({ id: 'RateTier' });
const BlockTierSchema = z
  .object({ blockSize: quantity, maxBlocks: quantity.nullable(), blockAmount: price })
  .meta({ id: 'BlockTier' });
const CapacityTierSchema = z
  .object({ limits: z.record(z.string(), quantity), amount: price })
  .meta({ id: 'CapacityTier' });

const tiered = {
  tiers: z.array(TierSchema),
  billFlatAtZero: z
    .boolean()
    .meta({ description: 'Whether nothing used costs the first tier’s flat amount.' }),
};

/** What a price charges, as answers show it: every default stated. */
export const ChargeTermsSchema = z
  .discriminatedUnion('model', [
    z.object({ model: z.literal('flat'), amount: price, ...common }),
    z.object({ model: z.literal('per_unit'), unitAmount: price, ...common }),
    z.object({ model: z.literal('graduated'), ...tiered, ...common }),
    z.object({ model: z.literal('volume'), ...tiered, ...common }),
    z.object({
      model: z.literal('package'),
      packageSize: quantity,
      packageAmount: price,
      rounding: z.enum(['up', 'down']),
      ...common,
    }),
    z.object({
      model: z.literal('percentage'),
      rate,
      fixedAmount: price,
      minimumAmount: price.nullable(),
      maximumAmount: price.nullable(),
      freeEvents: quantity.nullable(),
      freeAmount: price.nullable(),
      ...common,
    }),
    z.object({ model: z.literal('graduated_percentage'), tiers: z.array(RateTierSchema), ...common }),
    z.object({
      model: z.literal('tiered_blocks'),
      mode: z.enum(['all_tiers', 'top_tier']),
      tiers: z.array(BlockTierSchema),
      ...common,
    }),
    z.object({ model: z.literal('dynamic'), multiplier: quantity, ...common }),
    z.object({ model: z.literal('capacity'), tiers: z.array(CapacityTierSchema), ...common }),
  ])
  .meta({
    id: 'ChargeTerms',
    description:
      'What is charged, by model. `graduated`: each unit at the price of the tier it falls in. `volume`: all units at the price of the tier reached. `package`: by packages begun (or full, with `rounding: down`). `percentage`: a share of each event’s amount plus a fixed fee, between bounds for each event. `graduated_percentage`: each part of an amount at the rate of its tier. `tiered_blocks`: by blocks begun. `dynamic`: events carry their price. `capacity`: the lowest tier that the peak fits in.',
  });

/** Where each problem of terms is, as zod paths have it. */
function refuseTerms(terms: unknown, check: z.core.$RefinementCtx, base: readonly string[]): void {
  for (const { pointer, code, message } of validateChargeTerms(terms)) {
    const path = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    check.addIssue({ code: 'custom', path: [...base, ...path], message, params: { code } });
  }
}

/** Terms as callers give them: `model` may stand beside them instead, and what has a default may be left out. */
export const ChargeTermsInputSchema = z.record(z.string(), z.unknown()).meta({
  id: 'ChargeTermsInput',
  description: `As \`ChargeTerms\`; what has a default may be left out: \`freeUnits\` 0, \`conversion\` null, \`flatAmount\` and \`fixedAmount\` 0, \`rounding\` up, \`billFlatAtZero\` false. Decimals are strings. At most ${MAX_TIERS} tiers, each beginning where the one before ends; the last is open (\`upTo\` or \`maxBlocks\` null, \`limits\` empty). A tier may say where it starts (\`from\`), which is then checked.`,
  example: {
    tiers: [
      { upTo: '10000', unitAmount: '1' },
      { upTo: '100000', unitAmount: '0.8' },
      { upTo: null, unitAmount: '0.5' },
    ],
  },
});

/** Terms that stand alone, with their model: for a subscription item that is charged otherwise than its price. */
export const TermsOverrideSchema = z
  .looseObject({ model: z.enum(CHARGE_MODELS) })
  .superRefine((terms, check) => refuseTerms(terms, check, []))
  .meta({ id: 'TermsOverride', description: 'As `ChargeTerms`; what has a default may be left out.' });

/** Refuses terms of a price whose model stands beside them. Pointers begin with `/terms`. */
export function refineTerms(
  model: string,
  terms: Readonly<Record<string, unknown>>,
  check: z.core.$RefinementCtx,
): void {
  refuseTerms({ ...terms, model }, check, ['terms']);
  if ('model' in terms && terms['model'] !== model) {
    const message = `is not the model of the price, ${model}`;
    check.addIssue({ code: 'custom', path: ['terms', 'model'], message });
  }
}
