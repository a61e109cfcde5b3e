import { z } from 'zod';

import { MomentInputSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema, TimeZoneSchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { CollectionMethodSchema } from '../invoices/invoice-wire.js';
import { TermsOverrideSchema } from '../plans/charge-terms-wire.js';
import { NetTermsDaysSchema, QuantitySchema } from '../invoices/invoices.schemas.js';
import { SUBSCRIPTION_STATUSES } from './subscription-wire.js';

const ITEMS_MAX = 50;
const reference = z.string().min(1).max(255);

const NewItemSchema = z
  .strictObject({
    priceId: reference,
    quantity: QuantitySchema.default('1'),
    terms: TermsOverrideSchema.optional().meta({ description: 'What it charges instead of its price.' }),
  })
  .meta({ id: 'NewSubscriptionItem' });
export type NewItem = z.infer<typeof NewItemSchema>;

export const CreateSubscriptionSchema = z
  .strictObject({
    customerId: reference,
    planId: reference,
    externalId: externalIdSchema('sub').optional(),
    items: z.array(NewItemSchema).min(1).max(ITEMS_MAX).optional().meta({
      description:
        'Prices of the plan. Unless given: all its recurring prices, once each. A one-time price is billed on the first invoice.',
    }),
    startAt: MomentInputSchema.optional().meta({
      description: 'Now unless given; up to a year ahead. The first period is billed when it starts.',
    }),
    currency: CurrencySchema.optional().meta({
      description: 'Chooses among a plan’s prices in several currencies.',
    }),
    timeZone: TimeZoneSchema.optional().meta({
      description: 'The customer’s, else the tenant’s, unless given.',
    }),
    collectionMethod: CollectionMethodSchema.default('charge_automatically'),
    netTermsDays: NetTermsDaysSchema.optional(),
    metadata: MetadataSchema.default({}),
  })
  .meta({ id: 'CreateSubscription' });
export type CreateSubscription = z.infer<typeof CreateSubscriptionSchema>;

export const UpdateSubscriptionSchema = z
  .strictObject({
    collectionMethod: CollectionMethodSchema.optional(),
    netTermsDays: NetTermsDaysSchema.optional(),
    cancelAtPeriodEnd: z
      .boolean()
      .optional()
      .meta({ description: '`false` takes a cancellation at period end back.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateSubscription' });
export type UpdateSubscription = z.infer<typeof UpdateSubscriptionSchema>;

export const CancelSubscriptionSchema = z
  .strictObject({
    timing: z
      .enum(['immediate', 'period_end'])
      .default('period_end')
      .meta({ description: '`period_end` lets the time that is paid for run out.' }),
    reason: lineText({ max: 500 }).optional(),
  })
  .prefault({})
  .meta({ id: 'CancelSubscription' });
export type CancelSubscription = z.infer<typeof CancelSubscriptionSchema>;

export const ListSubscriptionsQuerySchema = listQuery({
  status: z.enum(SUBSCRIPTION_STATUSES).optional(),
  customer: reference.optional(),
  plan: reference.optional(),
});
export type ListSubscriptionsQuery = z.infer<typeof ListSubscriptionsQuerySchema>;

export const ListSubscriptionsOfCustomerQuerySchema = listQuery({
  status: z.enum(SUBSCRIPTION_STATUSES).optional(),
});
export type ListSubscriptionsOfCustomerQuery = z.infer<typeof ListSubscriptionsOfCustomerQuerySchema>;
