import type { Subscription, SubscriptionItem } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { CollectionMethodSchema } from '../invoices/invoice-wire.js';
import { ChargeTermsSchema } from '../plans/charge-terms-wire.js';

export const SUBSCRIPTION_STATUSES = ['scheduled', 'trialing', 'active', 'paused', 'canceled'] as const;

const SubscriptionItemWireSchema = z
  .object({
    id: z.string(),
    priceId: z.string(),
    quantity: z.string().meta({ description: 'A decimal.', example: '1' }),
    terms: ChargeTermsSchema.nullable().meta({
      description: 'What it charges instead of its price; null for what the price says.',
    }),
    startedAt: MomentSchema.nullable().meta({
      description: 'Since when it is part of the subscription; null since the subscription’s start.',
    }),
  })
  .meta({ id: 'SubscriptionItem' });

export const SubscriptionSchema = z
  .object({
    object: z.literal('subscription'),
    id: z.string(),
    externalId: z.string().nullable(),
    customerId: z.string(),
    planId: z.string(),
    planVersion: z.int().meta({ description: 'The version of the plan whose prices it has.' }),
    status: z.enum(SUBSCRIPTION_STATUSES),
    currency: CurrencySchema,
    interval: z.enum(['day', 'week', 'month', 'quarter', 'half_year', 'year']),
    intervalCount: z.int(),
    timeZone: z.string().meta({ description: 'Periods begin at midnight here.', example: 'Africa/Lagos' }),
    anchorDate: z.iso.date().meta({ description: 'The local date that periods are counted from.' }),
    alignment: z.enum(['anniversary', 'calendar']),
    prorationBasis: z.enum(['day', 'second']),
    startedAt: MomentSchema,
    trialEndsAt: MomentSchema.nullable(),
    billTrialUsage: z.boolean(),
    currentPeriodStart: MomentSchema,
    currentPeriodEnd: MomentSchema.meta({ description: 'The first moment of the next period.' }),
    nextBillingAt: MomentSchema.nullable(),
    billingError: z.string().nullable().meta({ description: 'Why billing it failed; it is tried again.' }),
    collectionMethod: CollectionMethodSchema,
    netTermsDays: z.int(),
    graceHours: z.int().nullable(),
    commitmentAmount: AmountSchema.nullable(),
    usageThreshold: AmountSchema.nullable(),
    pausedAt: MomentSchema.nullable(),
    pauseMode: z.enum(['credit', 'extend', 'keep_invoices', 'void_invoices']).nullable(),
    resumesAt: MomentSchema.nullable(),
    cancelAtPeriodEnd: z.boolean(),
    cancelAt: MomentSchema.nullable().meta({ description: 'A date on which it ends.' }),
    canceledAt: MomentSchema.nullable().meta({ description: 'When canceling was asked for.' }),
    cancelReason: z.string().nullable(),
    endedAt: MomentSchema.nullable(),
    latestInvoiceId: z.string().nullable(),
    items: z.array(SubscriptionItemWireSchema),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Subscription' });
export type SubscriptionWire = z.infer<typeof SubscriptionSchema>;

export const SubscriptionListSchema = listOf(SubscriptionSchema, 'SubscriptionList');

/** A subscription with all that the wire shows of it. */
export type ShownSubscription = Subscription & { items: SubscriptionItem[]; latestInvoiceId: string | null };

type NewColumn =
  | 'planVersion'
  | 'alignment'
  | 'prorationBasis'
  | 'trialEndsAt'
  | 'billTrialUsage'
  | 'graceHours'
  | 'commitmentAmount'
  | 'usageThreshold'
  | 'pausedAt'
  | 'pauseMode'
  | 'resumesAt'
  | 'cancelAt';

/** A database of the release before lacks what came with trials, pauses and plan versions: nobody has any of it there. */
type ReadSubscription = Omit<ShownSubscription, NewColumn> & Partial<Pick<ShownSubscription, NewColumn>>;

/** The subscription as callers see it. */
export function toSubscriptionWire(row: ReadSubscription): SubscriptionWire {
  return {
    object: 'subscription',
    id: row.id,
    externalId: row.externalId,
    customerId: row.customerId,
    planId: row.planId,
    planVersion: row.planVersion ?? 1,
    // Text columns with few values were checked on their way in, and the answer is checked against the schema.
    status: row.status as SubscriptionWire['status'],
    currency: row.currency as SubscriptionWire['currency'],
    interval: row.interval as SubscriptionWire['interval'],
    intervalCount: row.intervalCount,
    timeZone: row.timeZone,
    anchorDate: row.anchorDate,
    alignment: (row.alignment ?? 'anniversary') as SubscriptionWire['alignment'],
    prorationBasis: (row.prorationBasis ?? 'day') as SubscriptionWire['prorationBasis'],
    startedAt: row.startedAt.toISOString(),
    trialEndsAt: row.trialEndsAt?.toISOString() ?? null,
    billTrialUsage: row.billTrialUsage ?? false,
    currentPeriodStart: row.currentPeriodStart.toISOString(),
    currentPeriodEnd: row.currentPeriodEnd.toISOString(),
    nextBillingAt: row.nextBillingAt?.toISOString() ?? null,
    billingError: row.billingError,
    collectionMethod: row.collectionMethod as SubscriptionWire['collectionMethod'],
    netTermsDays: row.netTermsDays,
    graceHours: row.graceHours ?? null,
    commitmentAmount: toWireAmountOrNull(row.commitmentAmount),
    usageThreshold: toWireAmountOrNull(row.usageThreshold),
    pausedAt: row.pausedAt?.toISOString() ?? null,
    pauseMode: (row.pauseMode ?? null) as SubscriptionWire['pauseMode'],
    resumesAt: row.resumesAt?.toISOString() ?? null,
    cancelAtPeriodEnd: row.cancelAtPeriodEnd,
    cancelAt: row.cancelAt?.toISOString() ?? null,
    canceledAt: row.canceledAt?.toISOString() ?? null,
    cancelReason: row.cancelReason,
    endedAt: row.endedAt?.toISOString() ?? null,
    latestInvoiceId: row.latestInvoiceId,
    items: row.items.map(({ id, priceId, quantity, termsOverride, startedAt }) => ({
      id,
      priceId,
      quantity: quantity.toFixed(),
      terms: (termsOverride ?? null) as SubscriptionWire['items'][number]['terms'],
      startedAt: startedAt?.toISOString() ?? null,
    })),
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function toWireAmountOrNull(amount: bigint | null | undefined): number | null {
  return amount === null || amount === undefined ? null : toWireAmount(amount);
}
