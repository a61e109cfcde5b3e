import { z } from 'zod';

import { AGGREGATIONS, FILTER_OPERATORS, ROUNDING_MODES } from '../../domain/usage/meter-terms.js';
import { readQuantity } from '../../domain/usage/property-value.js';
import { listQuery } from '../../platform/http/pagination.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';

export const FILTERS_MAX = 20;
export const GROUP_BY_MAX = 5;
const FILTER_VALUES_MAX = 100;

/** The name of events, which meters look for: `api_calls`. */
export const EventNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/,
    'must be 1 to 100 letters, digits or ._:- and start with a letter or a digit',
  )
  .meta({ example: 'api_calls' });

/** The name of a property of an event. */
export const PropertyNameSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,40}$/u, 'must have 1 to 40 characters')
  .meta({ example: 'region' });

const filterShape = {
  property: PropertyNameSchema,
  operator: z.enum(FILTER_OPERATORS).meta({
    description:
      '`eq`, `ne`, `in` and `not_in` compare texts; an event without the property is unequal to all. `gt`, `gte`, `lt` and `lte` compare numbers. `exists` takes no value, or `false` for the absence.',
  }),
  values: z
    .array(z.string().max(500))
    .max(FILTER_VALUES_MAX)
    .default([])
    .meta({ example: ['eu-west-1'] }),
};

export const MeterFilterSchema = z
  .strictObject(filterShape)
  .superRefine(({ operator, values }, check) => {
    const refuse = (message: string) => check.addIssue({ code: 'custom', path: ['values'], message });
    if (operator === 'exists') {
      const known =
        values.length === 0 || (values.length === 1 && ['true', 'false'].includes(values[0] ?? ''));
      if (!known) refuse('must be empty, "true" or "false" with exists');
    } else if (operator === 'in' || operator === 'not_in') {
      if (values.length === 0) refuse(`needs at least one value with ${operator}`);
    } else if (values.length !== 1) refuse(`needs exactly one value with ${operator}`);
    else if (!['eq', 'ne'].includes(operator) && readQuantity(values[0]) === null)
      refuse(`must be a decimal such as "10" or "0.5" with ${operator}`);
  })
  .meta({ id: 'MeterFilter' });

export const QuantityRoundingSchema = z
  .strictObject({
    mode: z.enum(ROUNDING_MODES).meta({
      description:
        '`half_up` takes halves away from zero; `up` and `down` go to the larger and smaller number.',
    }),
    precision: z.int().min(-12).max(12).default(0).meta({
      description: 'Decimals that are kept; negative for tens, hundreds and so on.',
    }),
  })
  .meta({ id: 'QuantityRounding' });

const name = lineText({ max: 200 }).describe('As invoices and pages name what is used.');
const externalId = externalIdSchema('mtr').meta({
  description: 'Your own id of the meter, accepted wherever ours is.',
  example: 'calls',
});
const unit = lineText({ max: 30 }).describe('What one of it is called: call, hour, GB.');
const groupBy = z
  .array(PropertyNameSchema)
  .max(GROUP_BY_MAX)
  .refine((names) => new Set(names).size === names.length, 'must name each property once')
  .describe('Properties by which usage can be told apart, in summaries and on invoices.');

export const CreateMeterSchema = z
  .strictObject({
    name,
    externalId: externalId.optional(),
    eventName: EventNameSchema,
    aggregation: z.enum(AGGREGATIONS).meta({
      description:
        '`count`: events. `sum`, `max`, `latest`: of the property. `unique_count`: values of the property, which an event with `operation: "remove"` takes away again. `weighted_sum`: what was added and taken away, each by the part of the period that it was held for.',
    }),
    property: PropertyNameSchema.optional().describe('Needed by all but `count`.'),
    filters: z.array(MeterFilterSchema).max(FILTERS_MAX).default([]),
    groupBy: groupBy.default([]),
    rounding: QuantityRoundingSchema.optional().describe('Of the quantity, before it is priced.'),
    unit: unit.optional(),
    metadata: MetadataSchema.default({}),
  })
  .superRefine(({ aggregation, property }, check) => {
    if (aggregation === 'count' && property !== undefined)
      check.addIssue({
        code: 'custom',
        path: ['property'],
        message: 'makes no sense with count; leave it out',
      });
    if (aggregation !== 'count' && property === undefined)
      check.addIssue({ code: 'custom', path: ['property'], message: `is needed with ${aggregation}` });
  })
  .meta({ id: 'CreateMeter' });
export type CreateMeter = z.infer<typeof CreateMeterSchema>;

export const UpdateMeterSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalId.nullable().optional(),
    groupBy: groupBy.optional(),
    unit: unit.nullable().optional(),
    active: z.boolean().optional().meta({ description: '`false` archives it: it takes no more events.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({
    id: 'UpdateMeter',
    description: 'A merge patch. What it counts, and how, never changes: make another meter for that.',
  });
export type UpdateMeter = z.infer<typeof UpdateMeterSchema>;

export const ListMetersQuerySchema = listQuery({
  active: z.enum(['true', 'false']).optional(),
  eventName: EventNameSchema.optional(),
  externalId: externalId.optional(),
});
export type ListMetersQuery = z.infer<typeof ListMetersQuerySchema>;
