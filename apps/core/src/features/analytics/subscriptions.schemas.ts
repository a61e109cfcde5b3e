import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { rangeFields, RatioSchema } from './analytics.schemas.js';

const LifeSchema = z
  .object({
    started: z.int().meta({ description: 'Subscriptions that began, with or without a trial.' }),
    trialsStarted: z.int(),
    trialsEnded: z.int(),
    trialsConverted: z
      .int()
      .meta({ description: 'Of the trials that ended, those that were paid for then.' }),
    liveAtStart: z.int().meta({ description: 'Beyond their trial and not ended, paused ones included.' }),
    churned: z.int().meta({ description: 'Of those, the ones that ended.' }),
    ended: z.int().meta({ description: 'All that ended, also those that began in this time.' }),
    liveAtEnd: z.int(),
    churnRate: RatioSchema.meta({ description: '`churned` of `liveAtStart`.' }),
  })
  .meta({ id: 'SubscriptionLife' });
export type LifeWire = z.infer<typeof LifeSchema>;

export const SubscriptionAnalyticsSchema = z
  .object({
    object: z.literal('subscription_analytics'),
    ...rangeFields,
    now: z
      .object({
        scheduled: z.int(),
        trialing: z.int(),
        active: z.int(),
        paused: z.int(),
        canceling: z.int().meta({ description: 'Of these, the ones that have an end to come.' }),
      })
      .meta({ id: 'SubscriptionsNow', description: 'At this moment, whatever time is asked for.' }),
    totals: LifeSchema,
    data: z.array(
      z
        .object({ start: MomentSchema, end: MomentSchema, ...LifeSchema.shape })
        .meta({ id: 'SubscriptionBucket' }),
    ),
    cohorts: z
      .array(
        z
          .object({
            month: z.string().meta({ example: '2026-01' }),
            size: z.int(),
            retained: z.array(z.int()).meta({
              description: 'How many were left at the end of that month, of the next one, and so on.',
            }),
          })
          .meta({ id: 'SubscriptionCohort' }),
      )
      .meta({ description: 'Subscriptions by the month in which they began to be paid for.' }),
  })
  .meta({ id: 'SubscriptionAnalytics' });
export type SubscriptionAnalyticsWire = z.infer<typeof SubscriptionAnalyticsSchema>;
