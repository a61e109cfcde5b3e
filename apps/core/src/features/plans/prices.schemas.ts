import { z } from 'zod';

import { UnitAmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { INTERVALS, PRICE_MODELS, PRICE_TYPES } from './price-wire.js';

/** The longest rhythm of each interval: a year of days or weeks, three years of months or quarters, ten years. */
export const INTERVAL_COUNT_MAX: Readonly<Record<(typeof INTERVALS)[number], number>> = {
  day: 365,
  week: 52,
  month: 36,
  quarter: 12,
  year: 10,
};
const bounds = INTERVALS.map((interval) => `${INTERVAL_COUNT_MAX[interval]} ${interval}s`).join(', ');

const name = lineText({ max: 200 }).describe(
  'Told apart from the plan’s other prices by it, on invoices too.',
);

export const CreatePriceSchema = z
  .strictObject({
    externalId: externalIdSchema('price').optional(),
    name: name.optional(),
    currency: CurrencySchema,
    model: z.enum(PRICE_MODELS).meta({
      description: '`flat` costs the same however many are taken, `per_unit` is multiplied by the quantity.',
    }),
    type: z.enum(PRICE_TYPES),
    unitAmount: UnitAmountSchema,
    interval: z.enum(INTERVALS).optional().meta({ description: 'Needed when `recurring`, else left out.' }),
    intervalCount: z
      .int()
      .min(1)
      .optional()
      .meta({ description: `Every how many intervals: 1 unless given, at most ${bounds}.`, example: 1 }),
    metadata: MetadataSchema.default({}),
  })
  .superRefine(({ type, interval, intervalCount }, check) => {
    const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
    if (type === 'one_time') {
      if (interval !== undefined) refuse('interval', 'makes no sense on a one-time price; leave it out');
      if (intervalCount !== undefined)
        refuse('intervalCount', 'makes no sense on a one-time price; leave it out');
      return;
    }
    if (interval === undefined) {
      refuse('interval', 'is needed on a recurring price');
      return;
    }
    const max = INTERVAL_COUNT_MAX[interval];
    if ((intervalCount ?? 1) > max) refuse('intervalCount', `must not be more than ${max} with ${interval}`);
  })
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

export const ListPricesQuerySchema = listQuery({ active: z.enum(['true', 'false']).optional() });
export type ListPricesQuery = z.infer<typeof ListPricesQuerySchema>;
