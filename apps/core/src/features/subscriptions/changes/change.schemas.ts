import { z } from 'zod';

import { MomentInputSchema, MomentSchema } from '../../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../../platform/http/pagination.js';
import { QuantitySchema } from '../../invoices/invoices.schemas.js';
import { TermsOverrideSchema } from '../../plans/charge-terms-wire.js';

const ITEMS_MAX = 50;
const reference = z.string().min(1).max(255);

const ChangedItemSchema = z
  .strictObject({
    id: reference.optional().meta({ description: 'An item that the subscription has.' }),
    priceId: reference.optional().meta({
      description: 'A price: the item that the subscription has of it, or one that it gets.',
    }),
    quantity: QuantitySchema.optional().meta({ description: 'As it is unless given; 1 of what is added.' }),
    terms: TermsOverrideSchema.nullable()
      .optional()
      .meta({ description: 'What it charges instead of its price; null for what the price says.' }),
    remove: z.literal(true).optional().meta({ description: 'Takes the item away.' }),
  })
  .superRefine((item, check) => {
    const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
    if ((item.id === undefined) === (item.priceId === undefined))
      refuse('id', 'or priceId is needed, not both');
    if (item.remove && item.quantity !== undefined) refuse('quantity', 'makes no sense on what is removed');
  })
  .meta({ id: 'SubscriptionItemChange' });
export type ChangedItem = z.infer<typeof ChangedItemSchema>;

export const TimingSchema = z
  .union([z.enum(['immediate', 'period_end']), z.strictObject({ at: MomentInputSchema })])
  .meta({ description: 'At once, when the current period ends, or at a moment: `{at}`.' });

export const ChangeSubscriptionSchema = z
  .strictObject({
    planId: reference
      .optional()
      .meta({ description: 'Another plan, in its current version unless `version` says.' }),
    version: z.int().min(1).optional().meta({ description: 'A version of the plan.' }),
    items: z.array(ChangedItemSchema).min(1).max(ITEMS_MAX).optional().meta({
      description:
        'What changes of the items; the others stay. With another plan the prices of it that are subscribed to, all that come with it unless given; add-ons stay unless removed.',
    }),
    timing: TimingSchema.optional().meta({
      description: 'Unless given: at once for more than before in a year, at the end of the period for less.',
    }),
    proration: z.enum(['lines', 'none', 'full_price_reset']).default('lines').meta({
      description:
        '`lines` credits what was paid for and is not used, and charges the rest of the period for what begins. `none` bills the difference from the next period on. `full_price_reset` begins a new period now at the full price and credits nothing.',
    }),
  })
  .superRefine((change, check) => {
    if (change.planId !== undefined || change.version !== undefined || change.items !== undefined) return;
    check.addIssue({ code: 'custom', path: ['items'], message: 'or planId or version is needed' });
  })
  .meta({ id: 'ChangeSubscription' });
export type ChangeSubscription = z.infer<typeof ChangeSubscriptionSchema>;

export const CHANGE_STATUSES = ['scheduled', 'applied', 'canceled'] as const;

export const SubscriptionChangeSchema = z
  .object({
    object: z.literal('subscription_change'),
    id: z.string(),
    subscriptionId: z.string(),
    status: z.enum(CHANGE_STATUSES),
    kind: z.string().meta({ description: 'What happened, or will: `changed`, `paused`, `canceled` …' }),
    effectiveAt: MomentSchema,
    proration: z.enum(['lines', 'none', 'full_price_reset']),
    request: z.record(z.string(), z.unknown()).meta({ description: 'What was asked for.' }),
    invoiceIds: z.array(z.string()),
    creditNoteIds: z.array(z.string()),
    createdAt: MomentSchema,
    appliedAt: MomentSchema.nullable(),
    canceledAt: MomentSchema.nullable(),
  })
  .meta({ id: 'SubscriptionChange' });
export type SubscriptionChangeWire = z.infer<typeof SubscriptionChangeSchema>;

export const SubscriptionChangeListSchema = listOf(SubscriptionChangeSchema, 'SubscriptionChangeList');

export const ListChangesQuerySchema = listQuery({ status: z.enum(CHANGE_STATUSES).optional() });
export type ListChangesQuery = z.infer<typeof ListChangesQuerySchema>;
