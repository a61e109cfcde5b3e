import type { PropertyValue, QuantityRounding } from './meter-terms.js';

/**
 * Cases of Lago's tests, restated: an inclusive end is the day after, an id is the property `id`, `floor` and `ceil` of its
 * rounding are `down` and `up`, and no precision is 0.
 */
export interface CaseEvent {
  readonly at: string;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

const values = (...list: readonly [string, string][]): CaseEvent[] =>
  list.map(([at, value]) => ({ at, properties: { value } }));
const a = (at: string, operation: 'add' | 'remove' = 'add'): CaseEvent => ({
  at,
  properties: { id: 'a', operation },
});

export const MARCH = { start: '2024-03-01T00:00:00Z', end: '2024-04-01T00:00:00Z' };
const AUGUST = { start: '2023-08-01T00:00:00Z', end: '2023-09-01T00:00:00Z' };

/** Count, latest and max: what they are after each event, and what the last quantity costs. */
export const PLAIN_CASES = [
  {
    id: 'lago-count',
    aggregation: 'count',
    unitAmount: '500',
    values: ['1', '1', '1'],
    afterEach: ['1', '2', '3'],
    amount: 1500n,
  },
  {
    id: 'lago-latest',
    aggregation: 'latest',
    unitAmount: '500',
    values: ['10', '3', '50'],
    afterEach: ['10', '3', '50'],
    amount: 25000n,
  },
  {
    id: 'lago-max',
    aggregation: 'max',
    unitAmount: '1000',
    values: ['5', '20', '3'],
    afterEach: ['5', '20', '20'],
    amount: 20000n,
  },
] as const;

/** Sums by the days that are left of the period. */
export const PRORATED_SUM_CASES = [
  {
    id: 'lago-psum-2',
    full: { start: '2023-05-01T00:00:00Z', end: '2023-06-01T00:00:00Z' },
    events: values(
      ['2023-04-01T00:00:00Z', '5'],
      ['2023-05-26T00:00:00Z', '12'],
      ['2023-05-26T00:00:00Z', '12'],
      ['2023-05-31T00:00:00Z', '4.5'],
    ),
    quantity: '9.79033',
  },
] as const;

const JULY_9 = { start: '2022-07-09T00:00:00Z', end: '2022-08-09T00:00:00Z' };

/** Values by the days on which they were there, of 31. */
export const PRORATED_UNIQUE_CASES = [
  { id: 'lago-uq-first', part: JULY_9, events: [a('2022-07-09T00:00:00Z')], days: 31 },
  {
    id: 'lago-uq-term',
    part: { start: JULY_9.start, end: '2022-07-25T00:00:00Z' },
    events: [a('2022-06-09T00:00:00Z')],
    days: 16,
  },
  {
    id: 'lago-uq-addrem',
    part: JULY_9,
    events: [a('2022-07-10T00:00:00Z'), a('2022-08-07T23:59:59Z', 'remove')],
    days: 29,
  },
  { id: 'lago-uq-full', part: JULY_9, events: [a('2022-06-09T00:00:00Z')], days: 31 },
  {
    id: 'lago-uq-upg',
    part: { start: JULY_9.start, end: '2022-07-24T00:00:00Z' },
    events: [a('2022-06-09T00:00:00Z')],
    days: 15,
  },
].map((one) => ({ ...one, full: JULY_9 }));

export const UNIQUE_CASES = [
  {
    id: 'lago-uq-plain',
    window: JULY_9,
    events: [a('2022-06-09T00:00:00Z'), { at: '2022-07-19T00:00:00Z', properties: { id: 'b' } }],
    quantity: '1',
  },
] as const;

/** Each window's quantity has five decimals in the source. A window that starts late is held against its whole month. */
export const WEIGHTED_CASES = [
  {
    id: 'lago-ws-3',
    windows: [{ window: AUGUST, full: AUGUST, where: {}, quantity: '6', eventCount: 2, amount: null }],
    events: values(['2023-08-01T00:00:00Z', '3'], ['2023-08-01T00:00:00Z', '3']),
  },
  {
    id: 'lago-ws-5',
    windows: [
      {
        window: AUGUST,
        full: AUGUST,
        where: { region: 'eu' },
        quantity: '1.00269',
        eventCount: 2,
        amount: null,
      },
      {
        window: AUGUST,
        full: AUGUST,
        where: { region: 'us' },
        quantity: '2.99597',
        eventCount: 1,
        amount: null,
      },
    ],
    events: [
      { at: '2023-08-01T00:00:00Z', properties: { value: '2', region: 'eu' } },
      { at: '2023-08-01T01:00:00Z', properties: { value: '3', region: 'us' } },
      { at: '2023-08-01T02:00:00Z', properties: { value: '-1', region: 'eu' } },
    ],
  },
  {
    id: 'lago-ws-scn',
    windows: [
      {
        window: { start: '2023-03-05T00:00:00Z', end: '2023-04-01T00:00:00Z' },
        full: { start: '2023-03-01T00:00:00Z', end: '2023-04-01T00:00:00Z' },
        where: {},
        quantity: '2177.41935',
        eventCount: 1,
        amount: 217742n,
      },
      {
        window: { start: '2023-04-01T00:00:00Z', end: '2023-05-01T00:00:00Z' },
        full: { start: '2023-04-01T00:00:00Z', end: '2023-05-01T00:00:00Z' },
        where: {},
        quantity: '533.33333',
        eventCount: 2,
        amount: 53333n,
      },
    ],
    events: values(
      ['2023-03-05T00:00:00Z', '2500'],
      ['2023-04-04T00:00:00Z', '-2000'],
      ['2023-04-06T00:00:00Z', '-200'],
    ),
  },
] as const;

interface RoundingCase {
  readonly id: string;
  readonly rounding: QuantityRounding;
  readonly rounded: string;
}

/** Of 123.456. */
export const ROUNDING_CASES: readonly RoundingCase[] = [
  { id: 'lago-agground-floor-None', rounding: { mode: 'down', precision: 0 }, rounded: '123' },
  { id: 'lago-agground-ceil--2', rounding: { mode: 'up', precision: -2 }, rounded: '200' },
  { id: 'lago-agground-round-2', rounding: { mode: 'half_up', precision: 2 }, rounded: '123.46' },
  { id: 'lago-agground-round-None', rounding: { mode: 'half_up', precision: 0 }, rounded: '123' },
];

export const USAGE_CASES_NOT_RUN = [
  {
    reason: 'Bills the rise over the highest usage so far in advance. Our usage is billed in arrears.',
    ids: ['lago-psum-adv'],
  },
] as const;

/** All cases of agg_* and aggregation_rounding that there are. */
export const USAGE_CASES_TOTAL = 18;
