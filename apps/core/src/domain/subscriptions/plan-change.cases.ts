import type { BillingTiming, ItemKind } from './changed-items.js';

/** An item by its value for the full period after discount, in minor units. Items of one `price` are of one price. */
export interface CaseItem {
  key: string;
  amount: string;
  price?: string;
  list?: string;
  quantity?: string;
  kind?: ItemKind;
  timing?: BillingTiming;
}

/**
 * Cases of open billing engines (Meteroid, Polar, Flexprice) about a change at a moment. Dates are those of UTC, ends
 * are exclusive, amounts are minor units.
 */
export interface PlanChangeCase {
  id: string;
  period: [start: string, end: string];
  at: string;
  old: CaseItem[];
  next: CaseItem[];
  /** The first period of a new cycle. */
  restart?: [start: string, end: string];
  credits: Record<string, bigint>;
  charges: Record<string, bigint>;
  net: bigint;
}

const JANUARY_30: [string, string] = ['2025-01-01', '2025-01-31'];
const JUNE: [string, string] = ['2025-06-01', '2025-07-01'];
const MARCH: [string, string] = ['2024-03-01', '2024-04-01'];

function one(amount: string): CaseItem[] {
  return [{ key: 'fee', amount }];
}

export const PLAN_CHANGE_CASES: readonly PlanChangeCase[] = [
  {
    id: 'met-chg-addon3',
    period: JANUARY_30,
    at: '2025-01-16',
    old: [],
    next: [{ key: 'addon', amount: '30000', quantity: '3' }],
    credits: {},
    charges: { addon: 15_000n },
    net: 15_000n,
  },
  {
    id: 'met-chg-usage',
    period: JANUARY_30,
    at: '2025-01-16',
    old: [{ key: 'u', amount: '0', kind: 'usage', timing: 'in_arrears' }],
    next: [{ key: 'u', amount: '0', kind: 'usage', timing: 'in_arrears' }],
    credits: {},
    charges: {},
    net: 0n,
  },
  {
    id: 'met-chg-half',
    period: JANUARY_30,
    at: '2025-01-16',
    old: one('10000'),
    next: one('20000'),
    credits: { fee: 5_000n },
    charges: { fee: 10_000n },
    net: 5_000n,
  },
  {
    id: 'met-pc-slots5',
    period: ['2024-01-01', '2024-02-01'],
    at: '2024-01-16',
    old: [
      { key: 'platform', amount: '2900' },
      { key: 'seats', amount: '5000', quantity: '5' },
    ],
    next: [
      { key: 'platform', amount: '9900' },
      { key: 'seats', amount: '12500', quantity: '5' },
    ],
    credits: { platform: 1_497n, seats: 2_581n },
    charges: { platform: 5_110n, seats: 6_452n },
    net: 7_484n,
  },
  {
    id: 'polar-fromfree',
    period: JUNE,
    at: '2025-06-16',
    old: one('0'),
    next: one('10000'),
    credits: {},
    charges: { fee: 5_000n },
    net: 5_000n,
  },
  {
    id: 'met-chg-start',
    period: JANUARY_30,
    at: '2025-01-01',
    old: one('10000'),
    next: one('20000'),
    credits: { fee: 10_000n },
    charges: { fee: 20_000n },
    net: 10_000n,
  },
  {
    id: 'fp-pr-remove_item_with_credit',
    period: MARCH,
    at: '2024-03-15',
    old: one('4000'),
    next: [],
    credits: { fee: 2_194n },
    charges: {},
    net: -2_194n,
  },
  {
    id: 'fp-pr-downgrade_with_credit_cap',
    period: MARCH,
    at: '2024-03-15',
    old: one('10000'),
    next: one('3000'),
    credits: { fee: 5_484n },
    charges: { fee: 1_645n },
    net: -3_839n,
  },
  {
    // Theirs are two lines, 27.42 and 54.84; more of the same price is one line here.
    id: 'fp-pr-quantity_change_increase',
    period: MARCH,
    at: '2024-03-15',
    old: [{ key: 'units', price: 'unit', quantity: '5', amount: '5000' }],
    next: [{ key: 'units', price: 'unit', quantity: '10', amount: '10000' }],
    credits: {},
    charges: { units: 2_742n },
    net: 2_742n,
  },
  {
    id: 'fp-pr-add_item_no_credit',
    period: MARCH,
    at: '2024-03-15',
    old: [],
    next: one('2500'),
    credits: {},
    charges: { fee: 1_371n },
    net: 1_371n,
  },
  {
    id: 'polar-ym-leap',
    period: ['2024-02-18', '2025-02-18'],
    at: '2024-04-19',
    old: one('100000'),
    next: one('10000'),
    restart: ['2024-04-19', '2024-05-19'],
    credits: { fee: 83_333n },
    charges: { fee: 10_000n },
    net: -73_333n,
  },
  {
    id: 'met-pc-usage-rate',
    period: ['2025-02-01', '2025-03-01'],
    at: '2025-02-15',
    old: [
      { key: 'rate', amount: '1000' },
      { key: 'usage', amount: '0', kind: 'usage', timing: 'in_arrears' },
    ],
    next: [
      { key: 'rate', amount: '2000' },
      { key: 'usage', amount: '0', kind: 'usage', timing: 'in_arrears' },
    ],
    credits: { rate: 500n },
    charges: { rate: 1_000n },
    net: 500n,
  },
  {
    id: 'polar-3subs',
    period: ['2025-06-02', '2025-07-02'],
    at: '2025-06-17',
    old: one('20000'),
    next: one('40000'),
    credits: { fee: 10_000n },
    charges: { fee: 20_000n },
    net: 10_000n,
  },
  {
    id: 'met-chg-onetime',
    period: JANUARY_30,
    at: '2025-01-23',
    old: [],
    next: [{ key: 'setup', amount: '100000', quantity: '2', kind: 'one_time' }],
    credits: {},
    charges: { setup: 100_000n },
    net: 100_000n,
  },
  {
    id: 'polar-m-half',
    period: JUNE,
    at: '2025-06-16',
    old: one('10000'),
    next: one('30000'),
    credits: { fee: 5_000n },
    charges: { fee: 15_000n },
    net: 10_000n,
  },
  {
    id: 'polar-chg-pctdisc',
    period: JUNE,
    at: '2025-06-16',
    old: [
      { key: 'first', amount: '9000', list: '10000' },
      { key: 'second', amount: '10800', list: '12000' },
    ],
    next: [
      { key: 'first', amount: '18000', list: '20000' },
      { key: 'second', amount: '10800', list: '12000' },
    ],
    credits: { first: 4_500n, second: 5_400n },
    charges: { first: 9_000n, second: 5_400n },
    net: 4_500n,
  },
  {
    id: 'polar-disc-percentage-discount-change',
    period: JUNE,
    at: '2025-06-16',
    old: [{ key: 'fee', amount: '7500', list: '10000' }],
    next: [{ key: 'fee', amount: '50000', list: '100000' }],
    credits: { fee: 3_750n },
    charges: { fee: 25_000n },
    net: 21_250n,
  },
  {
    id: 'met-net-inc',
    period: JUNE,
    at: '2025-06-16',
    old: [{ key: 'seats', price: 'seat', amount: '10000' }],
    next: [{ key: 'seats', price: 'seat', amount: '20000' }],
    credits: {},
    charges: { seats: 5_000n },
    net: 5_000n,
  },
  {
    id: 'met-net-zero',
    period: JUNE,
    at: '2025-06-01',
    old: [{ key: 'seats', price: 'seat', amount: '10000', quantity: '1' }],
    next: [{ key: 'seats', price: 'seat', amount: '10000', quantity: '2' }],
    credits: {},
    charges: {},
    net: 0n,
  },
  {
    id: 'polar-seat-pctdisc',
    period: JUNE,
    at: '2025-06-16',
    old: [
      { key: 'base', price: 'base', amount: '9000', list: '10000' },
      { key: 'seats', price: 'seat', quantity: '2', amount: '9000', list: '10000' },
    ],
    next: [
      { key: 'base', price: 'base', amount: '9000', list: '10000' },
      { key: 'seats', price: 'seat', quantity: '4', amount: '18000', list: '20000' },
    ],
    credits: {},
    charges: { seats: 4_500n },
    net: 4_500n,
  },
  {
    id: 'polar-seat-less',
    period: JUNE,
    at: '2025-06-16',
    old: [{ key: 'seats', price: 'seat', quantity: '10', amount: '15000' }],
    next: [{ key: 'seats', price: 'seat', quantity: '7', amount: '10500' }],
    credits: { seats: 2_250n },
    charges: {},
    net: -2_250n,
  },
  {
    id: 'polar-seat-third',
    period: JUNE,
    at: '2025-06-11',
    old: [{ key: 'seats', price: 'seat', quantity: '5', amount: '7500' }],
    next: [{ key: 'seats', price: 'seat', quantity: '10', amount: '15000' }],
    credits: {},
    charges: { seats: 5_000n },
    net: 5_000n,
  },
];

/** What a change is called that does not say when it takes effect. */
export const DIRECTION_CASES = [
  {
    id: 'iss-lago-1834',
    old: { amount: '13400', interval: 'year' },
    next: { amount: '1700', interval: 'month' },
    direction: 'upgrade',
  },
  {
    id: 'lago-downgrade-yearly',
    old: { amount: '12900', interval: 'month' },
    next: { amount: '118800', interval: 'year' },
    direction: 'downgrade',
  },
] as const;
