import type { Plan } from '@nova/prisma-tenant';
import { z } from 'zod';

import type { FeatureKind } from '../../domain/entitlements/entitlement.js';
import type { QuotaReset } from '../../domain/entitlements/quota-window.js';
import { MomentSchema, UnitAmountSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema, EmailSchema } from '../../platform/wire/codes.js';
import { FeatureKindSchema } from '../feature-catalog/feature-wire.js';
import { FeatureAmountSchema, QuotaResetSchema } from '../feature-catalog/plan-features.schemas.js';
import { codeOf, type Offer } from './offers.js';
import type { PlatformAccount } from './read-account.js';

export const PlanCodeSchema = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'The plan’s code.', example: 'growth' });

export const BillingPlanSchema = z
  .object({
    object: z.literal('billing_plan'),
    code: PlanCodeSchema,
    name: z.string(),
    description: z.string().nullable(),
    isCurrent: z.boolean(),
    prices: z.array(
      z
        .object({
          type: z
            .enum(['recurring', 'one_time'])
            .meta({ description: 'What is paid every period, or once when the plan begins.' }),
          currency: CurrencySchema,
          unitAmount: UnitAmountSchema,
          interval: z.string().nullable(),
          intervalCount: z.int().nullable(),
        })
        .meta({ id: 'BillingPlanPrice' }),
    ),
    features: z.array(
      z
        .object({
          feature: z.string(),
          name: z.string(),
          kind: FeatureKindSchema,
          unit: z.string().nullable(),
          enabled: z.boolean(),
          amount: FeatureAmountSchema,
          reset: QuotaResetSchema.nullable(),
        })
        .meta({ id: 'BillingPlanFeature' }),
    ),
  })
  .meta({ id: 'BillingPlan' });
export type BillingPlanWire = z.infer<typeof BillingPlanSchema>;

export const BillingPlanListSchema = listOf(BillingPlanSchema, 'BillingPlanList');

export const BillingSubscriptionSchema = z
  .object({
    object: z.literal('billing_subscription'),
    plan: z
      .object({ code: PlanCodeSchema, name: z.string() })
      .nullable()
      .meta({ description: 'Null when there is none: then Starter’s limits hold.' }),
    status: z.string().nullable(),
    currency: CurrencySchema.nullable(),
    currentPeriodStart: MomentSchema.nullable(),
    currentPeriodEnd: MomentSchema.nullable(),
    nextPlan: z.object({ code: PlanCodeSchema, name: z.string(), startsAt: MomentSchema }).nullable().meta({
      id: 'BillingNextPlan',
      description: 'A cheaper plan that was chosen follows when this is over.',
    }),
    unpaidPlan: z
      .object({ code: PlanCodeSchema, name: z.string(), sessionId: z.string().nullable() })
      .nullable()
      .meta({
        id: 'BillingUnpaidPlan',
        description: 'A plan that was chosen and begins once it is paid, with the checkout for that.',
      }),
    endsAt: MomentSchema.nullable().meta({ description: 'When a plan that was cancelled is over.' }),
    billingEmail: z.string().nullable(),
  })
  .meta({ id: 'BillingSubscription' });
export type BillingSubscriptionWire = z.infer<typeof BillingSubscriptionSchema>;

export const ChangePlatformPlanSchema = z
  .strictObject({
    plan: PlanCodeSchema,
    currency: CurrencySchema.optional().meta({
      description: 'The one of the plan before unless given; it has to be one the plan is sold in.',
    }),
    email: EmailSchema.optional().meta({ description: 'Where invoices go; your own address unless given.' }),
  })
  .meta({ id: 'ChangePlatformPlan' });
export type ChangePlatformPlan = z.infer<typeof ChangePlatformPlanSchema>;

export const BillingUsageSchema = z
  .object({
    object: z.literal('billing_usage'),
    planName: z.string().nullable(),
    features: z.array(
      z
        .object({
          feature: z.string(),
          name: z.string(),
          unit: z.string(),
          limit: z
            .string()
            .nullable()
            .meta({ description: 'A decimal; null is without limit.', example: '20' }),
          used: z.string().meta({ description: 'A decimal.', example: '3' }),
          remaining: z.string().nullable(),
          resetsAt: MomentSchema.nullable(),
        })
        .meta({ id: 'BillingUsageFeature' }),
    ),
    rateLimits: z
      .array(
        z
          .object({ policy: z.string(), quota: z.int().nullable(), windowSeconds: z.int().nullable() })
          .meta({ id: 'BillingRateLimit' }),
      )
      .meta({
        description:
          'What a key or session may ask: the platform’s base rates times the plan’s `api_rate`, 100 times at most. Null is without limit.',
      }),
  })
  .meta({ id: 'BillingUsage' });
export type BillingUsageWire = z.infer<typeof BillingUsageSchema>;

/** An offer as tenants see it. */
export function toBillingPlanWire(offer: Offer, account: PlatformAccount): BillingPlanWire {
  return {
    object: 'billing_plan',
    code: codeOf(offer),
    name: offer.name,
    description: offer.description,
    isCurrent: account.current?.planId === offer.id,
    prices: offer.prices.map(({ type, currency, unitAmount, interval, intervalCount }) => ({
      type: type === 'one_time' ? ('one_time' as const) : ('recurring' as const),
      currency: currency as BillingPlanWire['prices'][number]['currency'],
      unitAmount: unitAmount.toFixed(),
      interval,
      intervalCount,
    })),
    features: offer.features.map(({ feature, enabled, amount, reset }) => ({
      feature: feature.code,
      name: feature.name,
      kind: feature.kind as FeatureKind,
      unit: feature.unit,
      enabled,
      amount: amount?.toFixed() ?? null,
      reset: reset as QuotaReset | null,
    })),
  };
}

/** What a tenant has with the platform, as its people see it. */
export function toBillingSubscriptionWire({
  customer,
  current,
  unpaid,
  next,
}: PlatformAccount): BillingSubscriptionWire {
  return {
    object: 'billing_subscription',
    plan: current && planOf(current.plan),
    status: current?.status ?? null,
    currency: (current?.currency ?? null) as BillingSubscriptionWire['currency'],
    currentPeriodStart: current?.currentPeriodStart.toISOString() ?? null,
    currentPeriodEnd: current?.currentPeriodEnd.toISOString() ?? null,
    nextPlan: next && { ...planOf(next.plan), startsAt: next.startsAt.toISOString() },
    unpaidPlan: unpaid && { ...planOf(unpaid.plan), sessionId: unpaid.session?.id ?? null },
    endsAt: current?.cancelAtPeriodEnd ? current.currentPeriodEnd.toISOString() : null,
    billingEmail: customer.email,
  };
}

function planOf(plan: Plan): { code: string; name: string } {
  return { code: codeOf(plan), name: plan.name };
}
