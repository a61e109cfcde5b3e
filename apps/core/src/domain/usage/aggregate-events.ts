import type { Period } from '../calendar/periods.js';
import { Decimal } from '../money/decimal.js';
import { type MeterTerms, OPERATION_PROPERTY, REMOVE_OPERATION, type UsageEvent } from './meter-terms.js';
import { passesFilters } from './passes-filters.js';
import { propertyText, readQuantity } from './property-value.js';
import { roundQuantity } from './round-quantity.js';

export interface AggregationWindow {
  /** Half-open. */
  readonly window: Period;
  /** The whole period, where the window is a part of it: what a weighted sum is held against. */
  readonly full?: Period;
}

export interface AggregatedUsage {
  readonly quantity: Decimal;
  /** Events in the window that passed the filters. */
  readonly eventCount: number;
  /** What every event brought, by its time and arrival: 1 for a count, else its number, or 0 where it has none. */
  readonly values: readonly Decimal[];
}

const ZERO = new Decimal(0);
const ONE = new Decimal(1);

/**
 * How much was used in a window, by the terms of a meter: the reference that the SQL of features/usage must agree with.
 * `events` are one customer's of the meter's event name, in any order, and may lie outside the window: those before it are
 * the opening balance of a weighted sum.
 */
export function aggregateEvents(
  terms: MeterTerms,
  events: readonly UsageEvent[],
  { window, full = window }: AggregationWindow,
): AggregatedUsage {
  const passed = events.filter((event) => passesFilters(event, terms.filters)).sort(byTime);
  const inside = passed.filter(({ occurredAt }) => occurredAt >= window.start && occurredAt < window.end);
  const read = (event: UsageEvent) =>
    terms.property === null ? null : readQuantity(event.properties[terms.property]);
  const quantity =
    terms.aggregation === 'weighted_sum'
      ? weightedSum(passed, read, window, full)
      : quantityOf(terms, inside, read);
  return {
    quantity: roundQuantity(quantity, terms.rounding),
    eventCount: inside.length,
    values: inside.map((event) => (terms.aggregation === 'count' ? ONE : (read(event) ?? ZERO))),
  };
}

/** By the event's own time, then by its arrival, then by its id: the order that SQL has too. */
export function byTime(a: UsageEvent, b: UsageEvent): number {
  const order =
    a.occurredAt.getTime() - b.occurredAt.getTime() || a.receivedAt.getTime() - b.receivedAt.getTime();
  if (order !== 0) return order;
  return a.transactionId < b.transactionId ? -1 : 1;
}

type ReadEvent = (event: UsageEvent) => Decimal | null;

function quantityOf(terms: MeterTerms, events: readonly UsageEvent[], read: ReadEvent): Decimal {
  const numbers = () => events.map(read).filter((number) => number !== null);
  switch (terms.aggregation) {
    case 'count':
      return new Decimal(events.length);
    case 'sum':
    case 'weighted_sum':
      return numbers().reduce((sum, number) => sum.plus(number), ZERO);
    case 'max':
      return (
        numbers().reduce<Decimal | null>((max, number) => (max?.gte(number) ? max : number), null) ?? ZERO
      );
    case 'latest':
      return numbers().at(-1) ?? ZERO;
    case 'unique_count':
      return new Decimal(presentValues(terms, events).size);
  }
}

/** A value that is taken away without being there changes nothing, and one that is added twice is there once. */
function presentValues({ property }: MeterTerms, events: readonly UsageEvent[]): Set<string> {
  const present = new Set<string>();
  for (const { properties } of events) {
    const value = property === null ? undefined : properties[property];
    if (value === undefined) continue;
    if (properties[OPERATION_PROPERTY] === REMOVE_OPERATION) present.delete(propertyText(value));
    else present.add(propertyText(value));
  }
  return present;
}

/** Multiplied by milliseconds first, divided by those of the whole period last and once. */
function weightedSum(
  events: readonly UsageEvent[],
  read: ReadEvent,
  { start, end }: Period,
  full: Period,
): Decimal {
  const weighted = events
    .filter(({ occurredAt }) => occurredAt < end)
    .reduce((sum, event) => {
      const since = Math.max(event.occurredAt.getTime(), start.getTime());
      return sum.plus((read(event) ?? ZERO).times(end.getTime() - since));
    }, ZERO);
  const whole = full.end.getTime() - full.start.getTime();
  return whole > 0 ? weighted.dividedBy(whole) : ZERO;
}
