export const AGGREGATIONS = ['count', 'sum', 'max', 'unique_count', 'latest', 'weighted_sum'] as const;
/**
 * What a meter makes of the events of a window.
 *
 * - `count`: how many there are.
 * - `sum`, `max`: of the property; an event without a number there adds 0 to a sum and is passed over by a maximum.
 * - `unique_count`: how many values of the property are there at the end. An event whose `operation` is `remove` takes its
 *   value away again, every other one adds it.
 * - `latest`: the number of the last event by its own time, then by its arrival.
 * - `weighted_sum`: the sum of what was added and taken away, each by the part of the period it was held for. What was
 *   held when the window began counts for all of it.
 */
export type Aggregation = (typeof AGGREGATIONS)[number];

export const FILTER_OPERATORS = ['eq', 'ne', 'in', 'not_in', 'gt', 'gte', 'lt', 'lte', 'exists'] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/**
 * A condition on a property. `eq`, `ne`, `in` and `not_in` compare texts (a number's is its plain decimal), and an event
 * without the property is unequal to everything. `gt` to `lte` compare numbers, and what is none does not pass.
 * `exists` asks for the property, or with the value `false` for its absence.
 */
export interface MeterFilter {
  readonly property: string;
  readonly operator: FilterOperator;
  readonly values: readonly string[];
}

export const ROUNDING_MODES = ['half_up', 'up', 'down'] as const;

/** Of the quantity, before it is priced. Halves go away from zero, `up` and `down` to the larger and the smaller number. */
export interface QuantityRounding {
  readonly mode: (typeof ROUNDING_MODES)[number];
  /** Decimals that are kept; negative for tens, hundreds and so on. */
  readonly precision: number;
}

/** What of a meter decides how much was used. */
export interface MeterTerms {
  readonly aggregation: Aggregation;
  /** The property that is added up, compared or counted; null for `count`. */
  readonly property: string | null;
  readonly filters: readonly MeterFilter[];
  readonly rounding: QuantityRounding | null;
}

/** The property by which an event of a `unique_count` says whether its value comes or goes. */
export const OPERATION_PROPERTY = 'operation';
export const REMOVE_OPERATION = 'remove';

/** One property of an event, flat. */
export type PropertyValue = string | number | boolean;

export interface UsageEvent {
  readonly transactionId: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}
