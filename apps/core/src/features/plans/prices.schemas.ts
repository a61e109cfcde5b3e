import { z } from 'zod';

import { CHARGE_MODELS } from '../../domain/rating/charge-terms.js';
import { AmountSchema, UnitAmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { ChargeTermsInputSchema } from './charge-terms-wire.js';
import { checkPrice, INTERVAL_COUNT_MAX } from './price-rules.js';
import { BILLING_TIMES, INTERVALS, PRICE_TYPES, TAX_BEHAVIORS } from './price-wire.js';

const GROUP_BY_MAX = 5;
const bounds = INTERVALS.map((interval) => `${INTERVAL_COUNT_MAX[interval]} ${interval}s`).join(', ');

const name = lineText({ max: 200 }).describe(
  'Told apart from the plan’s other prices by it, on invoices too.',
);

/** What is taxed alike has a name of its own; tax rates are for one of them. */
export const TaxCategorySchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'must be 1 to 50 small letters, digits, - or _')
  .meta({ description: 'Chooses the tax rate: `standard`, or a category of your tax rates.' });

export const CreatePriceSchema = z
  .strictObject({
    externalId: externalIdSchema('price').optional(),
    name: name.optional(),
    currency: CurrencySchema,
    model: z.enum(CHARGE_MODELS).meta({
      description:
        '`flat` costs the same however many are taken, `per_unit` is multiplied by the quantity; the others are described at `ChargeTerms`.',
    }),
    type: z.enum(PRICE_TYPES).meta({
      description:
        '`recurring` is billed each period for the quantity of the subscription, `usage` for what its meter counted, `one_time` once, on the first invoice of those who have it.',
    }),
    unitAmount: UnitAmountSchema.optional().meta({
      description: 'The short form of the terms of a `flat` or `per_unit` price; else give `terms`.',
    }),
    terms: ChargeTermsInputSchema.optional(),
    interval: z
      .enum(INTERVALS)
      .optional()
      .meta({ description: 'Needed when `recurring` or `usage`, else left out.' }),
    intervalCount: z
      .int()
      .min(1)
      .optional()
      .meta({ description: `Every how many intervals: 1 unless given, at most ${bounds}.`, example: 1 }),
    billing: z.enum(BILLING_TIMES).optional().meta({
      description:
        'When a `recurring` price is billed: `in_advance` unless given. Usage is billed in arrears.',
    }),
    optional: z.boolean().optional().meta({
      description:
        'Whether subscriptions have it only when they name it. Unless given, a one-time price is optional and the others are not: a set-up fee that everybody pays on the first invoice says `false`.',
    }),
    prorated: z.boolean().optional().meta({
      description:
        'Whether a part of a period costs a part of the price; true unless given. Of a `usage` price that is its minimum and maximum: what was used is priced whole, in each part of a period by itself.',
    }),
    meterId: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'What a `usage` price counts: a meter, by its id or external id.' }),
    groupBy: z
      .array(z.string().min(1).max(100))
      .max(GROUP_BY_MAX)
      .optional()
      .meta({
        description:
          'Bills usage line by line for each value of these properties, which the meter groups by.',
        example: ['region'],
      }),
    minimumAmount: AmountSchema.optional().meta({
      description: 'Billed at least each period. For prices that are billed in arrears.',
    }),
    maximumAmount: AmountSchema.optional().meta({
      description: 'Billed at most each period. For prices that are billed in arrears.',
    }),
    taxCategory: TaxCategorySchema.default('standard'),
    taxBehavior: z
      .enum(TAX_BEHAVIORS)
      .default('exclusive')
      .meta({ description: 'Whether tax is added to the price (`exclusive`) or is contained in it.' }),
    unit: lineText({ max: 50 })
      .optional()
      .meta({ description: 'What one of it is called on documents.', example: 'seat' }),
    metadata: MetadataSchema.default({}),
  })
  .superRefine(checkPrice)
  .meta({ id: 'CreatePrice' });
export type CreatePrice = z.infer<typeof CreatePriceSchema>;

export const UpdatePriceSchema = z
  .strictObject({
    name: name.nullable().optional(),
    active: z.boolean().optional().meta({ description: '`false` offers it to no new subscription.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdatePrice', description: 'What it charges never changes: make another price for that.' });
export type UpdatePrice = z.infer<typeof UpdatePriceSchema>;

export const ListPricesQuerySchema = listQuery({
  active: z.enum(['true', 'false']).optional(),
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be the number of a version')
    .optional()
    .meta({ description: 'Only the prices of this version of the plan.', example: '2' }),
});
export type ListPricesQuery = z.infer<typeof ListPricesQuerySchema>;
