import { z } from 'zod';

import { AmountSchema, MomentInputSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema, TimeZoneSchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { CollectionMethodSchema } from '../invoices/invoice-wire.js';
import { TermsOverrideSchema } from '../plans/charge-terms-wire.js';
import { NetTermsDaysSchema, QuantitySchema } from '../invoices/invoices.schemas.js';
import { TimingSchema } from './changes/change.schemas.js';
import { SUBSCRIPTION_STATUSES } from './subscription-wire.js';

const ITEMS_MAX = 50;
const REASON_MAX = 500;
const TRIAL_DAYS_MAX = 730;
const GRACE_HOURS_MAX = 720;
/** Two ways to say the same. */
const EITHER = [
  ['trialDays', 'trialEndsAt'],
  ['billingDay', 'anchorDate'],
  ['couponId', 'couponCode'],
] as const;
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
        'Prices of the plan, and of add-ons. Unless given: all its prices that are not optional, once each; one-time prices are optional unless they say otherwise. A one-time price is billed on the first invoice.',
    }),
    startAt: MomentInputSchema.optional().meta({
      description:
        'Now unless given; up to a year ahead or back. The first period is billed when it starts; of a start in the past all periods that have fallen due since, on one invoice.',
    }),
    backdateBilling: z.enum(['bill', 'skip']).default('bill').meta({
      description: 'Of a start in the past: `skip` bills nothing for the periods before the present one.',
    }),
    trialDays: z.int().min(0).max(TRIAL_DAYS_MAX).optional().meta({
      description: 'Days without fees, the day of the start being the first; the plan’s unless given.',
    }),
    trialEndsAt: MomentInputSchema.optional().meta({ description: 'Instead of `trialDays`.' }),
    billTrialUsage: z.boolean().default(false).meta({ description: 'Whether usage of the trial is billed.' }),
    alignment: z.enum(['anniversary', 'calendar']).default('anniversary').meta({
      description:
        '`calendar` lets periods begin with the week, month, quarter, half-year or year; the first one is a part of one and costs a part.',
    }),
    billingDay: z.int().min(1).max(31).optional().meta({
      description: 'The day of the month on which periods begin; the last one of shorter months.',
    }),
    anchorDate: z.iso.date().optional().meta({
      description: 'A local date that periods are counted from, instead of a billing day.',
    }),
    prorationBasis: z.enum(['day', 'second']).default('day').meta({
      description: 'What a part of a period is measured in.',
    }),
    commitmentAmount: AmountSchema.optional().meta({
      description:
        'The least that is spent each period; what is missing is billed at its end. The plan’s unless given. It is agreed with the customer: another plan leaves it as it is.',
    }),
    usageThreshold: AmountSchema.min(1).optional().meta({
      description: 'Usage that has come to this much is billed at once.',
    }),
    graceHours: z.int().min(0).max(GRACE_HOURS_MAX).optional().meta({
      description:
        'Hours that an invoice with usage waits for late events; the tenant’s setting unless given.',
    }),
    cancelAt: MomentInputSchema.optional().meta({ description: 'When it ends by itself.' }),
    couponId: reference.optional().meta({ description: 'A coupon for this subscription.' }),
    couponCode: z.string().min(1).max(100).optional().meta({ description: 'Instead of `couponId`.' }),
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
  .superRefine((input, check) => {
    for (const [one, other] of EITHER) {
      if (input[one] === undefined || input[other] === undefined) continue;
      check.addIssue({ code: 'custom', path: [other], message: `is instead of ${one}: give one of them` });
    }
    if (input.alignment === 'calendar' && input.anchorDate !== undefined) {
      check.addIssue({
        code: 'custom',
        path: ['anchorDate'],
        message: 'comes from the calendar; leave it out',
      });
    }
  })
  .meta({ id: 'CreateSubscription' });
export type CreateSubscription = z.infer<typeof CreateSubscriptionSchema>;

export const UpdateSubscriptionSchema = z
  .strictObject({
    collectionMethod: CollectionMethodSchema.optional(),
    netTermsDays: NetTermsDaysSchema.optional(),
    commitmentAmount: AmountSchema.nullable().optional().meta({
      description:
        'The least that is spent each period, from the present one on; null for none. A change of plan leaves it as it is.',
    }),
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
    timing: TimingSchema.default('period_end').meta({
      description:
        '`period_end` lets the time that is paid for run out; `{at}` ends it on a date, and what was paid for beyond it is credited then.',
    }),
    credit: z.enum(['unused', 'none']).optional().meta({
      description:
        'With `immediate`: whether the time that was paid for and is not used is credited; `none` unless given.',
    }),
    reason: lineText({ max: REASON_MAX }).optional(),
  })
  .superRefine(({ timing, credit }, check) => {
    if (credit === undefined || timing === 'immediate') return;
    check.addIssue({ code: 'custom', path: ['credit'], message: 'is for a cancellation at once' });
  })
  .prefault({})
  .meta({ id: 'CancelSubscription' });
export type CancelSubscription = z.infer<typeof CancelSubscriptionSchema>;

export const PauseSubscriptionSchema = z
  .strictObject({
    mode: z.enum(['credit', 'extend', 'keep_invoices', 'void_invoices']).default('credit').meta({
      description:
        '`credit` bills what was used and credits what was paid for beyond now; resuming charges the rest of the period. The period ends with the pause: tiers and free units begin anew with the one that resuming opens. `extend` moves the end of the period by the days of the pause; no money moves. With `keep_invoices` and `void_invoices` periods go on, and their invoices stay drafts or are void.',
    }),
    resumesAt: MomentInputSchema.optional().meta({ description: 'Resumes by itself then.' }),
  })
  .prefault({})
  .meta({ id: 'PauseSubscription' });
export type PauseSubscription = z.infer<typeof PauseSubscriptionSchema>;

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
