import type { Subscription } from '@nova/prisma-tenant';

import { alignAnchor, firstPeriod } from '../../domain/calendar/alignment.js';
import { type Cycle, localDate } from '../../domain/calendar/periods.js';
import { cycleAfterTrial, trialEnd } from '../../domain/subscriptions/trial.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { defaultNetTermsDays } from '../invoices/net-terms.js';
import type { VersionTerms } from '../plans/plan-wire.js';
import type { ChosenItems } from './choose-items.js';
import type { CreateSubscription } from './subscriptions.schemas.js';

const START_DAYS_MAX = 366;
const DAY_MS = 86_400_000;

/** What a new subscription is made of. */
export interface NewSubscription {
  readonly id: string;
  readonly input: CreateSubscription;
  readonly customerId: string;
  readonly planId: string;
  readonly planVersion: number;
  readonly chosen: ChosenItems;
  /** What the version of the plan says unless the request does. */
  readonly terms: VersionTerms;
  readonly timeZone: string;
}

/**
 * The row of a subscription that has not started yet, with the cycle and the first period that it will have: the trial,
 * where its end is what periods are counted from, or the part of a period up to the first billing day.
 * @throws invalidRequest, with a pointer
 */
export function newSubscription(ctx: TenantContext, made: NewSubscription): Subscription {
  const { id, input, chosen, timeZone } = made;
  const now = ctx.clock.now();
  const startedAt = readStart(ctx, input);
  const trialEndsAt = readTrialEnd(made, startedAt);
  return {
    id,
    externalId: input.externalId ?? null,
    customerId: made.customerId,
    planId: made.planId,
    planVersion: made.planVersion,
    status: 'scheduled',
    currency: chosen.currency,
    interval: chosen.interval,
    intervalCount: chosen.intervalCount,
    timeZone,
    ...firstPeriodOf(made, startedAt, trialEndsAt),
    alignment: input.alignment,
    prorationBasis: input.prorationBasis,
    startedAt,
    trialEndsAt,
    billTrialUsage: input.billTrialUsage,
    nextBillingAt: startedAt,
    billingError: null,
    billingRetries: 0,
    graceHours: input.graceHours ?? null,
    commitmentAmount: commitmentOf(made),
    usageThreshold: input.usageThreshold === undefined ? null : BigInt(input.usageThreshold),
    pausedAt: null,
    pauseMode: null,
    resumesAt: null,
    cancelAt: readEnd(ctx, input, startedAt),
    collectionMethod: input.collectionMethod,
    netTermsDays: input.netTermsDays ?? defaultNetTermsDays(ctx, input.collectionMethod),
    cancelAtPeriodEnd: false,
    canceledAt: input.cancelAt === undefined ? null : now,
    cancelReason: null,
    endedAt: null,
    awaitsInvoiceId: null,
    metadata: input.metadata,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

function firstPeriodOf(made: NewSubscription, startedAt: Date, trialEndsAt: Date | null) {
  const { input, chosen, timeZone } = made;
  const { alignment, billingDay, anchorDate } = input;
  const rhythm = { interval: chosen.interval, count: chosen.intervalCount, timeZone };
  const countsFromTrial = alignment === 'anniversary' && billingDay === undefined && anchorDate === undefined;
  if (trialEndsAt !== null && countsFromTrial) {
    const cycle = cycleAfterTrial({ ...rhythm, trialEnd: trialEndsAt, alignment });
    // The trial is the period before the first one of the cycle.
    return {
      anchorDate: cycle.anchorDate,
      periodIndex: -1,
      currentPeriodStart: startedAt,
      currentPeriodEnd: trialEndsAt,
    };
  }
  const rule = { ...rhythm, startDate: localDate(trialEndsAt ?? startedAt, timeZone), alignment };
  const cycle: Cycle = {
    ...rhythm,
    anchorDate: anchorDate ?? alignAnchor(billingDay === undefined ? rule : { ...rule, billingDay }),
  };
  const { index, period } = firstPeriod(cycle, startedAt);
  return {
    anchorDate: cycle.anchorDate,
    periodIndex: index,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  };
}

function readStart(ctx: TenantContext, { startAt }: CreateSubscription): Date {
  const now = ctx.clock.now();
  if (startAt === undefined) return now;
  const startsAt = new Date(startAt);
  const days = (startsAt.getTime() - now.getTime()) / DAY_MS;
  if (days < -START_DAYS_MAX) throw refuse('/startAt', 'must not be more than a year ago');
  if (days > START_DAYS_MAX) throw refuse('/startAt', 'must not be more than a year ahead');
  return startsAt;
}

function readTrialEnd({ input, terms, timeZone }: NewSubscription, startsAt: Date): Date | null {
  if (input.trialEndsAt !== undefined) {
    const end = new Date(input.trialEndsAt);
    if (end <= startsAt) throw refuse('/trialEndsAt', 'must be after the start');
    if (end.getTime() - startsAt.getTime() > 2 * START_DAYS_MAX * DAY_MS) {
      throw refuse('/trialEndsAt', 'must not be more than two years after the start');
    }
    return end;
  }
  const days = input.trialDays ?? terms.trialDays;
  return days === 0 ? null : trialEnd({ startsAt, days, timeZone });
}

function readEnd(ctx: TenantContext, { cancelAt }: CreateSubscription, startsAt: Date): Date | null {
  if (cancelAt === undefined) return null;
  const end = new Date(cancelAt);
  if (end <= startsAt || end <= ctx.clock.now())
    throw refuse('/cancelAt', 'must be after the start and after now');
  return end;
}

function commitmentOf({ input, terms, chosen }: NewSubscription): bigint | null {
  if (input.commitmentAmount !== undefined) return BigInt(input.commitmentAmount);
  const ofPlan = terms.commitments.find(({ currency }) => currency === chosen.currency);
  return ofPlan ? BigInt(ofPlan.amount) : null;
}

function refuse(pointer: string, message: string): Error {
  return invalidRequest(`${pointer} ${message}.`, { errors: [{ pointer, code: 'out_of_range', message }] });
}
