import type { Interval } from './periods.js';
import type { AlignmentRule } from './alignment.js';

/**
 * Cases of open billing engines (Lago, Meteroid, Kill Bill) in which the anchor is not the start: what has fallen due
 * by a moment, from alignment, billing day and end. Dates are local; an inclusive end is the day after.
 */
export interface DueCase {
  id: string;
  rule: AlignmentRule;
  /** UTC when left out. */
  timeZone?: string;
  endDate?: string;
  /** A local date or an instant. */
  until: string;
  timing: 'in_advance' | 'in_arrears';
  /** How many periods are due, which they are, or the bounds of the last of them. */
  due?: number;
  periods?: [start: string, end: string][];
  last?: { start?: string; end?: string };
}

export const DUE_CASES: readonly DueCase[] = [
  {
    id: 'met-adv-16',
    rule: { startDate: '2021-01-10', interval: 'year', count: 1, alignment: 'anniversary', billingDay: 1 },
    until: '2021-01-10',
    timing: 'in_advance',
    last: { start: '2021-01-10', end: '2022-01-01' },
  },
  {
    id: 'met-arr-07',
    rule: { startDate: '2021-01-10', interval: 'quarter', count: 1, alignment: 'anniversary', billingDay: 1 },
    until: '2021-04-01',
    timing: 'in_arrears',
    last: { start: '2021-01-10', end: '2021-04-01' },
  },
  {
    id: 'met-adv-04',
    rule: { startDate: '2021-01-10', interval: 'month', count: 1, alignment: 'anniversary', billingDay: 1 },
    until: '2021-01-10',
    timing: 'in_advance',
    last: { start: '2021-01-10', end: '2021-02-01' },
  },
  {
    id: 'met-arr-05',
    rule: { startDate: '2021-01-01', interval: 'month', count: 1, alignment: 'anniversary', billingDay: 10 },
    until: '2021-01-10',
    timing: 'in_arrears',
    last: { start: '2021-01-01', end: '2021-01-10' },
  },
  {
    id: 'met-arr-09',
    rule: { startDate: '2021-01-10', interval: 'year', count: 1, alignment: 'anniversary', billingDay: 1 },
    until: '2022-01-01',
    timing: 'in_arrears',
    last: { start: '2021-01-10', end: '2022-01-01' },
  },
  {
    id: 'kb-items-ItemShouldNotStartInThePast',
    rule: { startDate: '2012-07-16', interval: 'month', count: 1, alignment: 'anniversary', billingDay: 15 },
    endDate: '2012-07-16',
    until: '2012-07-16',
    timing: 'in_advance',
    periods: [],
  },
  {
    id: 'kb-items-CalculateSimpleInvoiceItemWithBCDAfterStartDayWithTargetDateIn3Months',
    rule: { startDate: '2012-07-16', interval: 'month', count: 1, alignment: 'anniversary', billingDay: 17 },
    until: '2012-10-16',
    timing: 'in_advance',
    periods: [
      ['2012-07-16', '2012-07-17'],
      ['2012-07-17', '2012-08-17'],
      ['2012-08-17', '2012-09-17'],
      ['2012-09-17', '2012-10-17'],
    ],
  },
  {
    id: 'lago-m-ann-advend',
    rule: { startDate: '2021-02-02', interval: 'month', count: 1, alignment: 'anniversary' },
    until: '2022-03-02',
    timing: 'in_advance',
    last: { end: '2022-04-02' },
  },
  {
    id: 'lago-q-ann-nov30',
    rule: { startDate: '2021-11-30', interval: 'quarter', count: 1, alignment: 'anniversary' },
    until: '2022-03-01',
    timing: 'in_arrears',
    last: { end: '2022-02-28' },
  },
  {
    id: 'lago-m-cal-term',
    rule: { startDate: '2021-02-02', interval: 'month', count: 1, alignment: 'calendar' },
    endDate: '2022-03-10',
    until: '2022-03-10',
    timing: 'in_arrears',
    last: { start: '2022-03-01' },
  },
  {
    id: 'lago-m-ann-adv30',
    rule: { startDate: '2021-03-31', interval: 'month', count: 1, alignment: 'anniversary' },
    until: '2021-04-30',
    timing: 'in_advance',
    last: { start: '2021-04-30' },
  },
  {
    id: 'lago-m-ann-term31',
    rule: { startDate: '2021-03-31', interval: 'month', count: 1, alignment: 'anniversary' },
    endDate: '2022-03-10',
    until: '2022-03-29',
    timing: 'in_arrears',
    last: { start: '2022-02-28' },
  },
  {
    id: 'lago-y-cal',
    rule: { startDate: '2019-02-02', interval: 'year', count: 1, alignment: 'calendar' },
    until: '2022-01-01',
    timing: 'in_arrears',
    last: { start: '2021-01-01' },
  },
  {
    id: 'lago-q-ann-adv31',
    rule: { startDate: '2021-01-31', interval: 'quarter', count: 1, alignment: 'anniversary' },
    until: '2021-04-30',
    timing: 'in_advance',
    last: { start: '2021-04-30' },
  },
  {
    id: 'lago-y-leap-end2',
    rule: { startDate: '2020-02-29', interval: 'year', count: 1, alignment: 'anniversary' },
    until: '2025-02-28',
    timing: 'in_arrears',
    last: { end: '2025-02-28' },
  },
  {
    id: 'lago-y-dec1',
    rule: { startDate: '2022-12-01', interval: 'year', count: 1, alignment: 'anniversary' },
    until: '2024-01-02',
    timing: 'in_arrears',
    last: { end: '2023-12-01' },
  },
  {
    id: 'lago-y-leap-end',
    rule: { startDate: '2020-02-29', interval: 'year', count: 1, alignment: 'anniversary' },
    until: '2022-03-01',
    timing: 'in_arrears',
    last: { end: '2022-02-28' },
  },
  {
    id: 'lago-y-cal-ny',
    rule: { startDate: '2019-02-02', interval: 'year', count: 1, alignment: 'calendar' },
    timeZone: 'America/New_York',
    until: '2022-01-01T00:00:00Z',
    timing: 'in_arrears',
    last: { start: '2020-01-01' },
  },
  {
    id: 'lago-m-ann-advfeb',
    rule: { startDate: '2020-01-31', interval: 'month', count: 1, alignment: 'anniversary' },
    until: '2020-02-29',
    timing: 'in_advance',
    last: { start: '2020-02-29' },
  },
  {
    id: 'lago-m-ann-jan28',
    rule: { startDate: '2021-03-27', interval: 'month', count: 1, alignment: 'anniversary' },
    until: '2022-01-28',
    timing: 'in_arrears',
    last: { start: '2021-12-27' },
  },
  {
    id: 'lago-m-cal-adv',
    rule: { startDate: '2021-02-02', interval: 'month', count: 1, alignment: 'calendar' },
    until: '2022-03-01',
    timing: 'in_advance',
    last: { end: '2022-04-01' },
  },
  {
    id: 'lago-m-ann',
    rule: { startDate: '2021-02-02', interval: 'month', count: 1, alignment: 'anniversary' },
    until: '2022-03-02',
    timing: 'in_arrears',
    last: { start: '2022-02-02', end: '2022-03-02' },
  },
  {
    id: 'lago-y-current',
    rule: { startDate: '2023-03-29', interval: 'year', count: 1, alignment: 'anniversary' },
    until: '2024-03-15',
    timing: 'in_advance',
    last: { start: '2023-03-29' },
  },
  {
    id: 'met-elapsed-11',
    rule: { startDate: '2024-01-01', interval: 'month', count: 1, alignment: 'anniversary', billingDay: 10 },
    until: '2024-01-10',
    timing: 'in_arrears',
    due: 1,
  },
  {
    id: 'met-elapsed-23',
    rule: { startDate: '2021-01-10', interval: 'year', count: 1, alignment: 'anniversary', billingDay: 1 },
    until: '2022-01-01',
    timing: 'in_arrears',
    due: 1,
  },
  {
    id: 'met-elapsed-19',
    rule: { startDate: '2024-01-10', interval: 'quarter', count: 1, alignment: 'anniversary', billingDay: 1 },
    until: '2024-07-15',
    timing: 'in_arrears',
    due: 2,
  },
  {
    id: 'met-elapsed-25',
    rule: { startDate: '2024-01-01', interval: 'month', count: 1, alignment: 'anniversary', billingDay: 15 },
    until: '2024-01-14',
    timing: 'in_arrears',
    due: 0,
  },
];

/** The first billing day on or after a start. */
export const BILLING_DAY_CASES: readonly [
  id: string,
  interval: Interval,
  startDate: string,
  billingDay: number,
  first: string,
][] = [
  ['kb-firstbcd-NextBCDShouldNotBeInThePast-month', 'month', '2012-07-16', 15, '2012-08-15'],
  ['kb-firstbcd-CalculateFirstBillingCycleDate4-month', 'month', '2012-02-16', 14, '2012-03-14'],
  ['kb-firstbcd-EqualBCDWithOnOrAfter-month', 'month', '2012-03-03', 3, '2012-03-03'],
  ['kb-firstbcd-CalculateFirstBillingCycleDate3-month', 'month', '2012-01-31', 30, '2012-02-29'],
  ['kb-firstbcd-CalculateFirstBillingCycleDate2-year', 'year', '2012-02-16', 30, '2012-02-29'],
  ['kb-firstbcd-CalculateFirstBillingCycleDate2-month', 'month', '2012-02-16', 30, '2012-02-29'],
  ['kb-firstbcd-CalculateFirstBillingCycleDate1-month', 'month', '2012-01-16', 17, '2012-01-17'],
  ['kb-firstbcd-CalculateFirstBillingCycleDate4-year', 'year', '2012-02-16', 14, '2013-02-14'],
];

/** Monthly in arrears: what is billed by a date, through which day, and which billing day comes next. */
export interface ArrearsWindowCase {
  id: string;
  startDate: string;
  endDate?: string;
  until: string;
  billingDay: number;
  billedThrough?: string;
  firstBillingDay: string;
  nextBillingDay: string;
}

export const ARREARS_WINDOW_CASES: readonly ArrearsWindowCase[] = [
  {
    id: 'kb-arrear-EndDateBetweenPeriod3',
    startDate: '2012-01-16',
    endDate: '2012-01-28',
    until: '2012-01-25',
    billingDay: 18,
    firstBillingDay: '2012-01-18',
    billedThrough: '2012-01-18',
    nextBillingDay: '2012-02-18',
  },
  {
    id: 'kb-arrear-BCDBeforeStart2',
    startDate: '2012-01-16',
    until: '2012-02-13',
    billingDay: 13,
    firstBillingDay: '2012-02-13',
    billedThrough: '2012-02-13',
    nextBillingDay: '2012-03-13',
  },
  {
    id: 'kb-arrear-BCDAfterStart3',
    startDate: '2012-01-16',
    until: '2012-01-25',
    billingDay: 25,
    firstBillingDay: '2012-01-25',
    billedThrough: '2012-01-25',
    nextBillingDay: '2012-02-25',
  },
  {
    id: 'kb-arrear-BCDBeforeStart1',
    startDate: '2012-01-16',
    until: '2012-01-16',
    billingDay: 13,
    firstBillingDay: '2012-02-13',
    nextBillingDay: '2012-02-13',
  },
  {
    id: 'kb-arrear-BCDAfterStart2',
    startDate: '2012-01-16',
    endDate: '2012-01-19',
    until: '2012-01-25',
    billingDay: 25,
    firstBillingDay: '2012-01-25',
    billedThrough: '2012-01-19',
    nextBillingDay: '2012-01-25',
  },
];

/** Local midnights between two instants. */
export const LOCAL_DAYS_CASES: readonly [
  id: string,
  from: string,
  to: string,
  timeZone: string,
  days: number,
][] = [
  ['fp-days-crossing_months', '2024-07-30T00:00:00Z', '2024-08-02T00:00:00Z', 'Europe/London', 3],
  ['fp-days-dst_spring_forward', '2024-03-09T00:00:00Z', '2024-03-11T00:00:00Z', 'America/New_York', 2],
  ['fp-days-regular_days', '2024-05-01T00:00:00Z', '2024-05-05T00:00:00Z', 'UTC', 4],
  ['fp-days-same_day', '2024-05-01T08:00:00Z', '2024-05-01T17:00:00Z', 'Europe/Berlin', 0],
];
