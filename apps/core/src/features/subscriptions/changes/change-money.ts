import type { Period } from '../../../domain/calendar/periods.js';
import { roundToMinor } from '../../../domain/money/decimal.js';
import { WHOLE } from '../../../domain/proration/fraction.js';
import type { ProrationBasis } from '../../../domain/proration/proration-factor.js';
import type { ItemInForce, NewItem } from '../../../domain/subscriptions/changed-items.js';
import {
  type ChangeLine,
  planChange,
  type ProrationChoice,
} from '../../../domain/subscriptions/plan-change.js';
import type { TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable, BillableItem, BilledPeriod } from '../../billing/billable.js';
import type { Charge } from '../../billing/charge.js';
import { explainProration } from '../../billing/charge-of-item.js';
import { LINE_ROUNDING } from '../../billing/rate-line.js';
import type { PlannedCredit } from '../acts/act.js';
import { chargedFor, drawCredits, type FeeLine, loadFeeLines } from '../acts/fee-lines.js';
import { currentPeriod, fullValue, kindOf, openItems, timingOf } from '../acts/item-value.js';
import { chargeOfChange } from './change-charges.js';

/** A change of what a subscription is made of, before and after. */
export interface ChangedBillables {
  readonly before: Billable;
  readonly after: Billable;
  readonly at: Date;
  readonly proration: ProrationChoice;
  /** The first period of the new cycle, where the change begins one. */
  readonly restart: BilledPeriod | null;
}

export interface ChangeMoney {
  readonly charges: readonly Charge[];
  readonly credits: readonly PlannedCredit[];
}

/**
 * What a change charges and gives back now. Fees in advance are prorated by the days that are left, but for prices that
 * are not prorated, of which more is charged in full and less is not given back; usage and fees in arrears are billed
 * with their period, each row for its time.
 */
export async function changeMoney(db: TenantReader, change: ChangedBillables): Promise<ChangeMoney> {
  const { before, after, at } = change;
  const { subscription } = before;
  const lines = await loadFeeLines(db, subscription, at);
  const { period, full } = currentPeriod(before);
  const old = openItems(before).filter(isCharged);
  const next = openItems(after).filter(isCharged);
  const prorated = ({ price }: BillableItem) => price.prorated || price.type === 'one_time';
  const planned = planChange({
    old: old.filter(prorated).map((item) => inForce(item, lines)),
    next: next.filter(prorated).map(newItem),
    at,
    period,
    full,
    timeZone: subscription.timeZone,
    basis: subscription.prorationBasis as ProrationBasis,
    proration: change.proration,
    ...(change.restart ? { restart: change.restart } : {}),
  });
  const oneTimeOnly = change.proration === 'none' ? addedOneTime(old, next) : [];
  const whole = unprorated(change, { old, next, period });
  const of = (line: ChangeLine) => chargedItem(line, { change, old, next, full });
  return {
    charges: [...planned.charges, ...oneTimeOnly, ...whole].flatMap((line) => {
      const charged = of(line);
      return charged ? [chargeOfChange(after, line, charged)] : [];
    }),
    credits: drawCredits(
      lines,
      planned.credits.flatMap((line) => feeCredit(before, line, { old, full })),
    ),
  };
}

/** Usage and fees in arrears are billed with their period. */
function isCharged(item: BillableItem): boolean {
  return item.price.type === 'one_time' || timingOf(item) === 'in_advance';
}

/** Amounts are before discounts on both sides: a charge has its own, a credit the share of the line that charged. */
function newItem(item: BillableItem): NewItem {
  const value = fullValue(item);
  return {
    key: item.row.id,
    priceId: item.price.id,
    model: item.terms.model,
    kind: kindOf(item),
    timing: timingOf(item),
    quantity: item.quantity,
    listAmount: value,
    amount: value,
  };
}

function inForce(item: BillableItem, lines: readonly FeeLine[]): ItemInForce {
  return { ...newItem(item), ...chargedFor(lines, item.price.id) };
}

/** Without proration, too, what is bought once is paid for. */
function addedOneTime(old: readonly BillableItem[], next: readonly BillableItem[]): ChangeLine[] {
  const had = new Set(old.map(({ row }) => row.id));
  return next
    .filter(({ price, row }) => price.type === 'one_time' && !had.has(row.id))
    .map((item) => wholeLine(item, { amount: fullValue(item), nettedWith: null, period: null }));
}

function unprorated(
  { at, proration, restart }: ChangedBillables,
  { old, next, period }: { old: readonly BillableItem[]; next: readonly BillableItem[]; period: Period },
): ChangeLine[] {
  if (proration === 'none') return [];
  const rest = restart?.period ?? { start: at, end: period.end };
  if (rest.start >= rest.end) return [];
  return next
    .filter(({ price }) => price.type === 'recurring' && !price.prorated)
    .flatMap((item) => {
      const same = restart ? undefined : old.find(({ price }) => price.id === item.price.id);
      const amount = same ? fullValue(item).minus(fullValue(same)) : fullValue(item);
      if (!amount.gt(0)) return [];
      return wholeLine(item, { amount, nettedWith: same?.row.id ?? null, period: rest });
    });
}

function wholeLine(
  item: BillableItem,
  {
    amount,
    nettedWith,
    period,
  }: { amount: ReturnType<typeof fullValue>; nettedWith: string | null; period: Period | null },
): ChangeLine {
  return {
    key: item.row.id,
    nettedWith,
    amount: roundToMinor(amount, 'half_away_from_zero'),
    unrounded: amount,
    period,
    factor: WHOLE,
  };
}

function chargedItem(
  line: ChangeLine,
  of: {
    change: ChangedBillables;
    old: readonly BillableItem[];
    next: readonly BillableItem[];
    full: Period;
  },
) {
  const item = of.next.find(({ row }) => row.id === line.key);
  if (!item) return null;
  const { restart } = of.change;
  const kind = item.price.type === 'one_time' ? 'one_time' : restart ? 'recurring' : 'change';
  const before = of.old.find(({ row }) => row.id === line.nettedWith) ?? null;
  return { item, before, full: restart?.full ?? of.full, kind } as const;
}

function feeCredit(
  before: Billable,
  line: ChangeLine,
  { old, full }: { old: readonly BillableItem[]; full: Period },
) {
  const item = old.find(({ row }) => row.id === line.key);
  if (!item || line.period === null) return [];
  return {
    priceId: item.price.id,
    amount: line.amount,
    period: line.period,
    explanation: {
      unrounded: line.unrounded.toFixed(),
      rounding: LINE_ROUNDING,
      proration: explainProration(before, line.factor, full),
    },
  };
}
