import type { Interval } from '../../../domain/calendar/periods.js';
import { toDecimal } from '../../../domain/money/decimal.js';
import {
  changeDirection,
  defaultTiming,
  type RecurringValue,
} from '../../../domain/subscriptions/change-direction.js';
import { invalidRequest } from '../../../platform/errors/common-errors.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable } from '../../billing/billable.js';
import { rateLine } from '../../billing/rate-line.js';
import { termsOf } from '../../plans/price-terms.js';
import { fullValue, openItems } from '../acts/item-value.js';
import { requireVerb } from '../require-verb.js';
import type { ChangeSubscription } from './change.schemas.js';
import { resolveTarget, type Target } from './resolve-target.js';

const AHEAD_DAYS_MAX = 731;
const DAY_MS = 86_400_000;

/** What a change comes to, and when: at once, or at a moment that is still to come. */
export interface DecidedChange {
  readonly target: Target;
  readonly at: Date;
  readonly when: 'now' | 'later';
  readonly timing: 'immediate' | 'period_end' | 'at';
}

/**
 * Sees that a change is possible, and decides when it takes effect where nobody has said so: more at once, less at the
 * end of what was paid for. Nothing was paid for in a trial or before the start.
 * @throws subscriptionCanceled, subscriptionStatusConflict, notFound, notOffered, itemsDoNotFit, invalidRequest
 */
export async function decideChange(
  ctx: TenantContext,
  db: TenantReader,
  { before, change }: { before: Billable; change: ChangeSubscription },
): Promise<DecidedChange> {
  const { subscription } = before;
  requireVerb(subscription, 'change');
  const target = await resolveTarget(db, before, change);
  const now = ctx.clock.now();
  const timing =
    change.timing ??
    (subscription.status === 'active' ? defaultTiming(directionOf(before, target)) : 'immediate');
  if (timing === 'immediate') return { target, at: now, when: 'now', timing };
  if (timing === 'period_end') {
    return { target, at: subscription.currentPeriodEnd, when: 'later', timing };
  }
  const at = new Date(timing.at);
  const earliest = earliestChange(before);
  if (at < earliest) {
    const message = `must not be before ${earliest.toISOString()}, when the current period or its last change began`;
    throw refuse(message, 'before_period');
  }
  if (at.getTime() - now.getTime() > AHEAD_DAYS_MAX * DAY_MS) {
    throw refuse('must not be more than two years ahead', 'out_of_range');
  }
  return { target, at, when: at > now ? 'later' : 'now', timing: 'at' };
}

/** Nothing changes before what the present period has become: those days were billed. */
function earliestChange({ subscription, items }: Billable): Date {
  const starts = items.flatMap(({ row }) => row.startedAt ?? []);
  const latest = Math.max(
    subscription.currentPeriodStart.getTime(),
    ...starts.map((start) => start.getTime()),
  );
  return new Date(latest);
}

function directionOf(before: Billable, target: Target) {
  const { interval, intervalCount } = before.subscription;
  const old: RecurringValue = {
    amount: openItems(before)
      .filter(({ price }) => price.type === 'recurring')
      .reduce((sum, item) => sum.plus(fullValue(item)), toDecimal(0n)),
    interval: interval as Interval,
    count: intervalCount,
  };
  const next: RecurringValue = {
    amount: target.items
      .filter(({ price }) => price.type === 'recurring')
      .reduce(
        (sum, { price, terms, quantity }) =>
          sum.plus(rateLine(termsOf(price, terms), { quantity }).rated.unrounded),
        toDecimal(0n),
      ),
    interval: target.interval,
    count: target.intervalCount,
  };
  return changeDirection({ old, next });
}

function refuse(message: string, code: string): Error {
  return invalidRequest(`timing.at ${message}.`, { errors: [{ pointer: '/timing/at', code, message }] });
}
