import type { AlignmentRule } from '../calendar/alignment.js';

/**
 * Cases of open billing engines (Lago, Meteroid, OpenMeter, Kill Bill, Stripe's documentation) about parts of a period.
 * Dates are local; an inclusive end is the day after, amounts are minor units.
 */
export interface FactorCase {
  id: string;
  part: [start: string, end: string];
  full: [start: string, end: string];
  /** UTC when left out. */
  timeZone?: string;
  basis?: 'second';
  factor?: string;
  /** The price of the full period, and what the part of it costs. */
  price?: string;
  unrounded?: string;
  amount?: bigint;
}

/** An upgrade's day belongs to the new plan, a termination's day to the old one: Lago bills the day it ends on. */
export const FACTOR_CASES: readonly FactorCase[] = [
  {
    id: 'met-proration_partial_exceeds_full_returns_none',
    part: ['2025-01-01', '2025-03-01'],
    full: ['2025-01-01', '2025-02-01'],
    factor: '31/31',
  },
  {
    id: 'met-proration_empty_partial_is_zero',
    part: ['2025-01-15', '2025-01-15'],
    full: ['2025-01-01', '2025-02-01'],
    factor: '0/31',
  },
  {
    id: 'doc-stripe-backdate-feb',
    part: ['2023-02-15', '2023-03-01'],
    full: ['2023-02-15', '2023-03-15'],
    factor: '14/28',
  },
  {
    id: 'met-proration_monthly_half_period',
    part: ['2025-01-17', '2025-02-01'],
    full: ['2025-01-01', '2025-02-01'],
    factor: '15/31',
  },
  {
    id: 'om-cancel-307',
    part: ['2024-01-01', '2024-02-01'],
    full: ['2024-01-01', '2024-04-01'],
    factor: '31/91',
    price: '900',
    amount: 307n,
  },
  {
    id: 'met-am-arrears',
    part: ['2024-01-16', '2024-02-01'],
    full: ['2024-01-01', '2024-02-01'],
    factor: '16/31',
    price: '3000',
    amount: 1548n,
  },
  {
    id: 'om-start-651',
    part: ['2024-01-21T21:55:18Z', '2024-02-01'],
    full: ['2024-01-01', '2024-02-01'],
    basis: 'second',
    factor: '871482/2678400',
    price: '2000',
    amount: 651n,
  },
  {
    id: 'lago-fee-term-upgrade',
    part: ['2022-03-01', '2022-03-20'],
    full: ['2022-03-01', '2022-04-01'],
    factor: '19/31',
    price: '100',
    unrounded: '61.29032258064516',
    amount: 61n,
  },
  {
    id: 'lago-fee-term-20-paris',
    part: ['2022-02-28T23:00:00Z', '2022-03-21'],
    full: ['2022-03-01', '2022-04-01'],
    timeZone: 'Europe/Paris',
    factor: '20/31',
    price: '100',
    unrounded: '64.51612903225806',
    amount: 65n,
  },
];

/** The first period of one that starts between two bounds of its cycle, with or without a trial before its fee. */
export interface FirstFeeCase {
  id: string;
  rule: Omit<AlignmentRule, 'count'>;
  startsAt?: string;
  trialDays?: number;
  endsAt?: string;
  part: [start: string, end: string];
  factor: string;
  price: string;
  unrounded?: string;
  amount: bigint;
}

export const FIRST_FEE_CASES: readonly FirstFeeCase[] = [
  {
    id: 'lago-fee-year-mar15',
    rule: { startDate: '2022-03-15', interval: 'year', alignment: 'calendar' },
    part: ['2022-03-15', '2023-01-01'],
    factor: '292/365',
    price: '100',
    unrounded: '80',
    amount: 80n,
  },
  {
    id: 'met-bill-quarter',
    rule: { startDate: '2025-10-08', interval: 'quarter', alignment: 'calendar', billingDay: 1 },
    part: ['2025-10-08', '2026-01-01'],
    factor: '85/92',
    price: '9000',
    amount: 8315n,
  },
  {
    id: 'lago-fee-term-trial3',
    rule: { startDate: '2022-03-15', interval: 'month', alignment: 'calendar' },
    trialDays: 3,
    endsAt: '2022-03-20',
    part: ['2022-03-18', '2022-03-20'],
    factor: '2/31',
    price: '100',
    unrounded: '6.451612903225806',
    amount: 6n,
  },
  {
    id: 'lago-fee-month-15',
    rule: { startDate: '2022-03-15', interval: 'month', alignment: 'calendar' },
    part: ['2022-03-15', '2022-04-01'],
    factor: '17/31',
    price: '100',
    unrounded: '54.83870967741935',
    amount: 55n,
  },
  {
    id: 'lago-fee-recur-year-trial35',
    rule: { startDate: '2022-01-01', interval: 'year', alignment: 'calendar' },
    trialDays: 35,
    part: ['2022-02-05', '2023-01-01'],
    factor: '330/365',
    price: '100',
    unrounded: '90.41095890410958',
    amount: 90n,
  },
  {
    id: 'lago-fee-week-wed',
    rule: { startDate: '2022-06-22', interval: 'week', alignment: 'calendar' },
    part: ['2022-06-22', '2022-06-27'],
    factor: '5/7',
    price: '100',
    unrounded: '71.42857142857143',
    amount: 71n,
  },
  {
    id: 'lago-fee-week-wed-trial',
    rule: { startDate: '2022-06-22', interval: 'week', alignment: 'calendar' },
    trialDays: 3,
    part: ['2022-06-25', '2022-06-27'],
    factor: '2/7',
    price: '100',
    unrounded: '28.57142857142857',
    amount: 29n,
  },
  {
    id: 'lago-fee-week-trial3',
    rule: { startDate: '2022-06-20', interval: 'week', alignment: 'calendar' },
    startsAt: '2022-06-20T00:01:00Z',
    trialDays: 3,
    part: ['2022-06-23', '2022-06-27'],
    factor: '4/7',
    price: '100',
    unrounded: '57.14285714285714',
    amount: 57n,
  },
  {
    id: 'kbit-bcd-4',
    rule: { startDate: '2013-09-01', interval: 'month', alignment: 'anniversary', billingDay: 7 },
    part: ['2013-09-01', '2013-09-07'],
    factor: '6/31',
    price: '100000',
    amount: 19_355n,
  },
  {
    id: 'kbit-bcd-2',
    rule: { startDate: '2013-09-01', interval: 'month', alignment: 'anniversary', billingDay: 7 },
    part: ['2013-09-01', '2013-09-07'],
    factor: '6/31',
    price: '100000',
    amount: 19_355n,
  },
  {
    id: 'kbit-arrears-2',
    rule: { startDate: '2013-09-01', interval: 'month', alignment: 'anniversary' },
    part: ['2013-09-01', '2013-10-01'],
    factor: '30/30',
    price: '1000',
    amount: 1000n,
  },
];

/** Nine decimals of the actual days, and of a month that always has 30. */
export const FIXED_DAYS_CASES: readonly {
  id: string;
  days: 'actual' | 'thirty';
  part: [start: string, end: string];
  full: [start: string, end: string];
  factor: string;
}[] = [
  {
    id: 'kb-proration-actual-2024-02-23',
    days: 'actual',
    part: ['2024-02-23', '2024-03-15'],
    full: ['2024-02-23', '2024-03-23'],
    factor: '0.724137931',
  },
  {
    id: 'kb-proration-30-2023-06-23',
    days: 'thirty',
    part: ['2023-06-23', '2023-07-15'],
    full: ['2023-06-23', '2023-07-23'],
    factor: '0.733333333',
  },
  {
    id: 'kb-proration-actual-2023-02-23',
    days: 'actual',
    part: ['2023-02-23', '2023-03-15'],
    full: ['2023-02-23', '2023-03-23'],
    factor: '0.714285714',
  },
  {
    id: 'kb-proration-30-lead',
    days: 'thirty',
    part: ['2023-05-15', '2023-05-23'],
    full: ['2023-04-23', '2023-05-23'],
    factor: '0.266666667',
  },
];

export const CREDIT_CAP_CASES: readonly {
  id: string;
  potential: bigint;
  billed: bigint;
  credited: bigint;
  credit: bigint;
}[] = [
  {
    id: 'fp-cap-previous_credits_limit',
    potential: 10_000n,
    billed: 20_000n,
    credited: 18_000n,
    credit: 2_000n,
  },
  {
    id: 'fp-cap-normal_credit',
    potential: 10_000n,
    billed: 20_000n,
    credited: 5_000n,
    credit: 10_000n,
  },
  { id: 'fp-cap-zero_potential_credit', potential: 0n, billed: 20_000n, credited: 5_000n, credit: 0n },
  {
    id: 'fp-cap-no_credit_available',
    potential: 10_000n,
    billed: 20_000n,
    credited: 20_000n,
    credit: 0n,
  },
];

/** A paid period that is canceled on its eleventh day. */
export const UNUSED_CASES = [
  {
    id: 'kbit-cancel-credit',
    amount: '50000',
    full: ['2013-08-31', '2013-09-30'],
    at: '2013-09-10',
    credit: 33_333n,
    creditPeriod: ['2013-09-10', '2013-09-30'],
  },
] as const;

/** Cases of the same areas that are not run, and why. */
export const PRORATION_CASES_NOT_RUN: readonly { reason: string; ids: string[] }[] = [
  {
    reason:
      'A known odd boundary of Lago, for information: it bills 16 of 30 days after a trial of 15. Ours bills 15 of 30.',
    ids: ['lago-fee-anniv-trial15-paris'],
  },
];
