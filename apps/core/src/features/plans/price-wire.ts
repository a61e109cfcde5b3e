import type { Price } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { CHARGE_MODELS } from '../../domain/rating/charge-terms.js';
import { readChargeTerms, writeChargeTerms } from '../../domain/rating/read-charge-terms.js';
import { AmountSchema, MomentSchema, UnitAmountSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { ChargeTermsSchema } from './charge-terms-wire.js';
import { isShortModel, termsJsonOf } from './price-terms.js';

export const PRICE_TYPES = ['recurring', 'one_time', 'usage'] as const;
export const INTERVALS = ['day', 'week', 'month', 'quarter', 'half_year', 'year'] as const;
export const BILLING_TIMES = ['in_advance', 'in_arrears'] as const;
export const TAX_BEHAVIORS = ['exclusive', 'inclusive'] as const;

export const PriceSchema = z
  .object({
    object: z.literal('price'),
    id: z.string(),
    externalId: z.string().nullable(),
    planId: z.string(),
    planVersion: z.int().meta({ description: 'Number of the plan’s version it belongs to.' }),
    name: z.string().nullable(),
    currency: CurrencySchema,
    model: z.enum(CHARGE_MODELS),
    type: z.enum(PRICE_TYPES),
    unitAmount: UnitAmountSchema.nullable().meta({
      description: 'What a `flat` price costs, or one unit of `per_unit`; null for other models.',
    }),
    terms: ChargeTermsSchema,
    interval: z.enum(INTERVALS).nullable(),
    intervalCount: z.int().nullable(),
    billing: z.enum(BILLING_TIMES),
    optional: z.boolean().meta({ description: 'Whether subscriptions have it only when they name it.' }),
    prorated: z.boolean(),
    meterId: z.string().nullable(),
    groupBy: z.array(z.string()),
    minimumAmount: AmountSchema.nullable(),
    maximumAmount: AmountSchema.nullable(),
    taxCategory: z.string(),
    taxBehavior: z.enum(TAX_BEHAVIORS),
    unit: z.string().nullable(),
    active: z.boolean().meta({ description: 'Whether it is offered to new subscriptions.' }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Price' });
export type PriceWire = z.infer<typeof PriceSchema>;

export const PriceListSchema = listOf(PriceSchema, 'PriceList');

/** What prices had before there were versions, taxes and usage: a database of the release before has nothing of it. */
const OF_THE_RELEASE_BEFORE = {
  planVersion: 1,
  terms: {},
  billing: 'in_advance',
  prorated: true,
  meterId: null,
  groupBy: [],
  minimumAmount: null,
  maximumAmount: null,
  taxCategory: 'standard',
  taxBehavior: 'exclusive',
  unit: null,
} satisfies Partial<Price>;
type ReadPrice = Omit<Price, keyof typeof OF_THE_RELEASE_BEFORE | 'optional'> & Partial<Price>;

/** The price as callers see it. */
export function toPriceWire(read: ReadPrice): PriceWire {
  const row: Price = { ...OF_THE_RELEASE_BEFORE, optional: read.type === 'one_time', ...read };
  return {
    object: 'price',
    id: row.id,
    externalId: row.externalId,
    planId: row.planId,
    planVersion: row.planVersion,
    name: row.name,
    // Text columns with few values were checked on their way in, and the answer is checked against the schema.
    currency: row.currency as PriceWire['currency'],
    model: row.model as PriceWire['model'],
    type: row.type as PriceWire['type'],
    unitAmount: isShortModel(row.model) ? row.unitAmount.toFixed() : null,
    // Read and written again, because rows may lack a field that has a default.
    terms: writeChargeTerms(readChargeTerms(termsJsonOf(row))),
    interval: row.interval as PriceWire['interval'],
    intervalCount: row.intervalCount,
    billing: row.billing as PriceWire['billing'],
    optional: row.optional,
    prorated: row.type !== 'one_time' && row.prorated,
    meterId: row.meterId,
    groupBy: row.groupBy as string[],
    minimumAmount: row.minimumAmount === null ? null : toWireAmount(row.minimumAmount),
    maximumAmount: row.maximumAmount === null ? null : toWireAmount(row.maximumAmount),
    taxCategory: row.taxCategory,
    taxBehavior: row.taxBehavior as PriceWire['taxBehavior'],
    unit: row.unit,
    active: row.active,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
