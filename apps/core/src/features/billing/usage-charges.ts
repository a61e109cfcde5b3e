import type { Period } from '../../domain/calendar/periods.js';
import { Decimal } from '../../domain/money/decimal.js';
import { needsEvents } from '../../domain/rating/rate-charge.js';
import type { RatedUsage } from '../../domain/rating/rated-charge.js';
import { intersect } from '../../domain/proration/proration-factor.js';
import { WHOLE } from '../../domain/proration/fraction.js';
import type { UsageRequest, UsageTotal } from '../usage/aggregate-usage.js';
import { type Billable, type BillableItem, type BilledPeriod, timeInForce } from './billable.js';
import { boundGroups, type GroupCharge } from './bound-groups.js';
import { boundsOfItem } from './bounds-of-item.js';
import type { Charge } from './charge.js';
import { chargeOfItem } from './charge-of-item.js';
import { shareOf } from './fee-charges.js';
import { LINE_ROUNDING, unitAmountOf } from './rate-line.js';

const NOTHING = new Decimal(0);

/** What was used by the key of its request. */
export type UsageByKey = ReadonlyMap<string, readonly UsageTotal[]>;

/** The usage of one item in a period, rated as if nothing of it had been billed. */
export interface UsageOfItem {
  readonly item: BillableItem;
  readonly window: Period;
  /** Usage lines, one a group as far as `boundGroups` lets them, then what a maximum takes off or a minimum adds. */
  readonly charges: readonly Charge[];
}

/** What has to be counted for a period: one window for each metered item that is in force in it. */
export function usageRequests(billable: Billable, billed: BilledPeriod): UsageRequest[] {
  return metered(billable, billed.period).flatMap(({ item, window }) => {
    if (!item.meter) return [];
    return {
      key: usageKey(item, billed.period),
      customerId: billable.subscription.customerId,
      subscriptionId: billable.subscription.id,
      meter: item.meter,
      window,
      full: billed.full,
      groupBy: groupsOf(item),
      events: needsEvents(item.terms) ? 'values' : 'none',
    };
  });
}

/**
 * Rates what was counted for a period, item by item. `minimum` says whether the period is over for this invoice.
 */
export function rateUsage(
  billable: Billable,
  billed: BilledPeriod,
  { usage, minimum }: { usage: UsageByKey; minimum: 'due' | 'not_yet' },
): UsageOfItem[] {
  return metered(billable, billed.period).map(({ item, window }) => {
    const totals = usage.get(usageKey(item, billed.period)) ?? [];
    const lines =
      item.terms.model === 'capacity'
        ? [capacityCharge(billable, item, { window, totals })]
        : boundGroups(totals.map((total) => usageCharge(billable, item, { window, total })));
    const reached = lines.reduce((sum, { amount }) => sum + amount, 0n);
    const { full } = billed;
    const factor = item.price.prorated ? shareOf(billable, window, full) : WHOLE;
    const bounds = boundsOfItem(billable, item, { part: window, full, factor, reached, minimum });
    return { item, window, charges: [...lines, ...bounds] };
  });
}

function usageKey({ row }: BillableItem, { start }: Period): string {
  return `${row.id} ${start.getTime()}`;
}

/** Usage of a trial is not billed unless the subscription says so. */
function metered(billable: Billable, period: Period): { item: BillableItem; window: Period }[] {
  const { trialEndsAt, billTrialUsage } = billable.subscription;
  const billedTime =
    trialEndsAt === null || billTrialUsage
      ? period
      : intersect(period, { start: trialEndsAt, end: period.end });
  if (!billedTime) return [];
  return billable.items.flatMap((item) => {
    const window = item.price.type === 'usage' ? timeInForce(billable, item, billedTime) : null;
    return window ? [{ item, window }] : [];
  });
}

function groupsOf({ price }: BillableItem): string[] {
  return price.groupBy as string[];
}

function usageCharge(
  billable: Billable,
  item: BillableItem,
  { window, total }: { window: Period; total: UsageTotal },
): GroupCharge {
  const charge = ratedCharge(billable, item, {
    window,
    // Less than nothing is billed as nothing, and printed so.
    usage: {
      quantity: total.quantity.isNegative() ? NOTHING : total.quantity,
      ...(total.values ? { events: total.values } : {}),
    },
    eventCount: total.eventCount,
  });
  const plainDescription = charge.description;
  if (!total.groupValues) return { charge, plainDescription };
  const group = Object.values(total.groupValues)
    .map((value) => (value === '' ? '–' : value))
    .join(', ');
  return {
    charge: { ...charge, description: `${plainDescription} (${group})`, groupValues: total.groupValues },
    plainDescription,
  };
}

/** A capacity is paid for by the peaks of all its kinds together: one line, whatever it is told apart by. */
function capacityCharge(
  billable: Billable,
  item: BillableItem,
  { window, totals }: { window: Period; totals: readonly UsageTotal[] },
): Charge {
  const peak = totals.reduce((most, { quantity }) => (quantity.gt(most) ? quantity : most), NOTHING);
  const peaks = Object.fromEntries(
    totals.flatMap(({ groupValues, quantity }) =>
      groupValues ? [[Object.values(groupValues).join('/'), quantity] as const] : [],
    ),
  );
  return ratedCharge(billable, item, {
    window,
    usage: { quantity: peak, ...(groupsOf(item).length > 0 ? { peaks } : {}) },
    eventCount: totals.reduce((sum, { eventCount }) => sum + eventCount, 0n),
  });
}

function ratedCharge(
  billable: Billable,
  item: BillableItem,
  { window, usage, eventCount }: { window: Period; usage: RatedUsage; eventCount: bigint },
): Charge {
  const { terms } = item;
  const rated = item.rate(usage);
  const charge = chargeOfItem(billable, item, {
    kind: 'usage',
    quantity: usage.quantity,
    unitAmount: unitAmountOf(terms, rated, usage.quantity),
    amount: rated.amount,
    period: window,
    explanation: {
      model: terms.model,
      unrounded: rated.unrounded.toFixed(),
      rounding: LINE_ROUNDING,
      steps: rated.steps,
    },
  });
  return {
    ...charge,
    meterId: item.meter?.id ?? null,
    unit: item.price.unit ?? item.meter?.unit ?? null,
    eventCount,
  };
}
