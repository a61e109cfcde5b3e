import type { Cycle } from './periods.js';

/**
 * Cases of open billing engines (Kill Bill, Lago, Meteroid, OpenMeter, Flexprice, Stripe's documentation), restated for
 * our calendar: anchors are local dates, so a time of day in the source is dropped; an inclusive end is the day after.
 * A source that gives a billing day and a full period runs with the anchor a year before it.
 */
export interface PeriodCase {
  id: string;
  cycle: Cycle;
  /** A local date inside the period asked for. */
  at?: string;
  index?: number;
  /** Local dates of the period's bounds. */
  start?: string;
  end?: string;
  endInstant?: string;
  /** Local dates on which the periods from number 0 on start. */
  starts?: string[];
  startInstants?: string[];
}

export const PERIOD_CASES: readonly PeriodCase[] = [
  {
    id: 'kb-adv30-4',
    cycle: { anchorDate: '2016-04-08', interval: 'day', count: 30, timeZone: 'UTC' },
    at: '2016-08-06',
    start: '2016-08-06',
    index: 4,
  },
  {
    id: 'kb-adv30-1',
    cycle: { anchorDate: '2016-04-08', interval: 'day', count: 30, timeZone: 'UTC' },
    at: '2016-05-08',
    start: '2016-05-08',
    index: 1,
  },
  {
    id: 'kb-adv30-2',
    cycle: { anchorDate: '2016-04-08', interval: 'day', count: 30, timeZone: 'UTC' },
    at: '2016-06-07',
    start: '2016-06-07',
    index: 2,
  },
  {
    id: 'lago-per-arrears-3',
    cycle: { anchorDate: '2024-01-31', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-03-31',
    start: '2024-03-31',
    end: '2024-04-30',
  },
  {
    id: 'iss-lago-1840',
    cycle: { anchorDate: '2024-01-30', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-02-29',
    start: '2024-02-29',
    end: '2024-03-30',
  },
  {
    id: 'lago-per-adv-3',
    cycle: { anchorDate: '2024-01-30', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-03-30',
    start: '2024-03-30',
    end: '2024-04-30',
  },
  {
    id: 'iss-stripe-anchor31',
    cycle: { anchorDate: '2023-01-31', interval: 'month', count: 1, timeZone: 'UTC' },
    starts: ['2023-01-31', '2023-02-28', '2023-03-31', '2023-04-30'],
  },
  {
    id: 'iss-kb-127',
    cycle: { anchorDate: '2017-01-31', interval: 'month', count: 1, timeZone: 'UTC' },
    starts: ['2017-01-31', '2017-02-28', '2017-03-31', '2017-04-30'],
  },
  {
    id: 'fp-next-m-03',
    cycle: { anchorDate: '2023-12-31', interval: 'month', count: 2, timeZone: 'Asia/Kolkata' },
    at: '2023-12-31',
    start: '2023-12-31',
    end: '2024-02-29',
    endInstant: '2024-02-28T18:30:00Z',
  },
  {
    id: 'fp-next-m-04',
    cycle: { anchorDate: '2024-12-31', interval: 'month', count: 2, timeZone: 'UTC' },
    at: '2024-12-31',
    start: '2024-12-31',
    end: '2025-02-28',
  },
  {
    id: 'fp-next-y-08',
    cycle: { anchorDate: '2024-03-15', interval: 'year', count: 1, timeZone: 'UTC' },
    at: '2024-03-15',
    start: '2024-03-15',
    end: '2025-03-15',
    endInstant: '2025-03-15T00:00:00Z',
  },
  {
    id: 'fp-next-m-08',
    cycle: { anchorDate: '2024-02-29', interval: 'month', count: 2, timeZone: 'Asia/Kolkata' },
    at: '2024-04-29',
    start: '2024-04-29',
    end: '2024-06-29',
  },
  {
    id: 'fp-ist-3',
    cycle: { anchorDate: '2024-01-15', interval: 'day', count: 1, timeZone: 'Asia/Kolkata' },
    at: '2024-01-15',
    start: '2024-01-15',
    end: '2024-01-16',
    endInstant: '2024-01-15T18:30:00Z',
  },
  {
    id: 'fp-next-m-07',
    cycle: { anchorDate: '2023-02-28', interval: 'month', count: 1, timeZone: 'Asia/Kolkata' },
    at: '2024-02-28',
    start: '2024-02-28',
    end: '2024-03-28',
  },
  {
    id: 'fp-next-y-06',
    cycle: { anchorDate: '2022-04-15', interval: 'year', count: 1, timeZone: 'Asia/Kolkata' },
    at: '2024-04-15',
    start: '2024-04-15',
    end: '2025-04-15',
  },
  {
    id: 'fp-next-y-12',
    cycle: { anchorDate: '2024-02-29', interval: 'year', count: 4, timeZone: 'UTC' },
    at: '2024-02-29',
    start: '2024-02-29',
    end: '2028-02-29',
    endInstant: '2028-02-29T00:00:00Z',
  },
  {
    id: 'fp-next-m-09',
    cycle: { anchorDate: '2024-01-31', interval: 'month', count: 1, timeZone: 'America/Los_Angeles' },
    at: '2024-01-31',
    start: '2024-01-31',
    end: '2024-02-29',
  },
  {
    id: 'fp-next-y-15',
    cycle: { anchorDate: '2024-03-15', interval: 'year', count: 2, timeZone: 'Asia/Tokyo' },
    at: '2024-03-15',
    start: '2024-03-15',
    end: '2026-03-15',
  },
  {
    id: 'fp-next-y-07',
    cycle: { anchorDate: '2024-02-29', interval: 'year', count: 3, timeZone: 'Asia/Kolkata' },
    at: '2024-02-29',
    start: '2024-02-29',
    end: '2027-02-28',
  },
  {
    id: 'fp-next-y-03',
    cycle: { anchorDate: '2023-02-28', interval: 'year', count: 1, timeZone: 'America/Los_Angeles' },
    at: '2023-02-28',
    start: '2023-02-28',
    end: '2024-02-28',
  },
  {
    id: 'met-adv-14',
    cycle: { anchorDate: '2020-01-10', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2021-01-10',
    start: '2021-01-10',
    end: '2021-04-10',
  },
  {
    id: 'om-recur-1',
    cycle: { anchorDate: '2025-01-31', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2025-08-13',
    start: '2025-07-31',
    end: '2025-08-31',
  },
  {
    id: 'met-contain-14',
    cycle: { anchorDate: '2024-01-01', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2024-04-01',
    start: '2024-04-01',
    end: '2024-07-01',
  },
  {
    id: 'met-arr-10',
    cycle: { anchorDate: '2021-01-01', interval: 'year', count: 1, timeZone: 'UTC' },
    at: '2022-01-01',
    start: '2022-01-01',
    end: '2023-01-01',
  },
  {
    id: 'met-contain-13',
    cycle: { anchorDate: '2024-01-01', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2024-02-15',
    start: '2024-01-01',
    end: '2024-04-01',
  },
  {
    id: 'met-contain-02',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-01-15',
    start: '2024-01-01',
    end: '2024-02-01',
  },
  {
    id: 'met-arr-03',
    cycle: { anchorDate: '2020-03-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2021-03-01',
    start: '2021-03-01',
    end: '2021-04-01',
  },
  {
    id: 'met-contain-01',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-01-01',
    start: '2024-01-01',
    end: '2024-02-01',
  },
  {
    id: 'met-adv-18',
    cycle: { anchorDate: '2022-01-01', interval: 'year', count: 1, timeZone: 'UTC' },
    at: '2023-01-01',
    start: '2023-01-01',
    end: '2024-01-01',
  },
  {
    id: 'met-contain-04',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-02-02',
    start: '2024-02-01',
    end: '2024-03-01',
  },
  {
    id: 'met-contain-24',
    cycle: { anchorDate: '2024-01-31', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-03-31',
    start: '2024-03-31',
    end: '2024-04-30',
  },
  {
    id: 'met-adv-12',
    cycle: { anchorDate: '2020-07-01', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2021-07-01',
    start: '2021-07-01',
    end: '2021-10-01',
  },
  {
    id: 'met-contain-05',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-06-15',
    start: '2024-06-01',
    end: '2024-07-01',
  },
  {
    id: 'met-arr-01',
    cycle: { anchorDate: '2020-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2021-01-01',
    start: '2021-01-01',
    end: '2021-02-01',
  },
  {
    id: 'met-arr-02',
    cycle: { anchorDate: '2020-02-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2021-02-01',
    start: '2021-02-01',
    end: '2021-03-01',
  },
  {
    id: 'om-recur-3',
    cycle: { anchorDate: '2025-01-30', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2025-02-13',
    start: '2025-01-30',
    end: '2025-02-28',
  },
  {
    id: 'met-adv-03',
    cycle: { anchorDate: '2020-03-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2021-03-01',
    start: '2021-03-01',
    end: '2021-04-01',
  },
  {
    id: 'fp-periods-tz-1',
    cycle: { anchorDate: '2024-03-01', interval: 'month', count: 1, timeZone: 'UTC' },
    starts: ['2024-03-01', '2024-04-01', '2024-05-01'],
    startInstants: ['2024-03-01T00:00:00Z', '2024-04-01T00:00:00Z', '2024-05-01T00:00:00Z'],
  },
  {
    id: 'kb-items-CalculateSimpleInvoiceItemWithBCDEqualsStartDayWithTargetDateIn3Months',
    cycle: { anchorDate: '2012-07-16', interval: 'month', count: 1, timeZone: 'UTC' },
    starts: ['2012-07-16', '2012-08-16', '2012-09-16', '2012-10-16', '2012-11-16'],
  },
  {
    id: 'fp-periods-tz-4',
    cycle: { anchorDate: '2024-02-01', interval: 'month', count: 1, timeZone: 'America/New_York' },
    starts: ['2024-02-01', '2024-03-01', '2024-04-01'],
    startInstants: ['2024-02-01T05:00:00Z', '2024-03-01T05:00:00Z', '2024-04-01T04:00:00Z'],
  },
  {
    id: 'met-elapsed-17',
    cycle: { anchorDate: '2024-01-01', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2024-07-15',
    index: 2,
  },
  {
    id: 'kb-wholeperiods-30_days-2012-09-15',
    cycle: { anchorDate: '2012-07-16', interval: 'day', count: 30, timeZone: 'UTC' },
    at: '2012-09-15',
    index: 2,
  },
  {
    id: 'met-elapsed-15',
    cycle: { anchorDate: '2024-01-01', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2024-04-01',
    index: 1,
  },
  {
    id: 'kb-wholeperiods-30_days-2012-09-13',
    cycle: { anchorDate: '2012-07-16', interval: 'day', count: 30, timeZone: 'UTC' },
    at: '2012-09-13',
    index: 1,
  },
  {
    id: 'met-elapsed-01',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-01-01',
    index: 0,
  },
  {
    id: 'met-elapsed-14',
    cycle: { anchorDate: '2024-01-01', interval: 'quarter', count: 1, timeZone: 'UTC' },
    at: '2024-01-15',
    index: 0,
  },
  {
    id: 'met-elapsed-04',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-02-02',
    index: 1,
  },
  {
    id: 'met-elapsed-03',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-02-01',
    index: 1,
  },
  {
    id: 'met-elapsed-08',
    cycle: { anchorDate: '2021-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-01-15',
    index: 36,
  },
  {
    id: 'kb-wholeperiods-month-2012-09-16',
    cycle: { anchorDate: '2012-07-16', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2012-09-16',
    index: 2,
  },
  {
    id: 'met-elapsed-28',
    cycle: { anchorDate: '2024-01-31', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-02-15',
    index: 0,
  },
  {
    id: 'met-elapsed-05',
    cycle: { anchorDate: '2024-01-01', interval: 'month', count: 1, timeZone: 'UTC' },
    at: '2024-06-15',
    index: 5,
  },
];
