/**
 * Cases of open billing engines (Lago, Meteroid, Polar) on coupons, restated for our fields: amounts in minor units.
 * All of them are run.
 */
export interface CouponCase {
  readonly id: string;
  readonly lines: readonly bigint[];
  /** In the order in which they were attached: a percentage as text, a fixed amount as what is left of it. */
  readonly discounts: readonly (string | bigint)[];
  readonly lineDiscounts?: readonly bigint[];
  readonly total: bigint;
}

export const COUPON_CASES: readonly CouponCase[] = [
  // 0.12 fixed, once, of which 0.06 was used.
  { id: 'lago-coupon-remaining', lines: [300n], discounts: [6n], total: 6n },
  { id: 'lago-coupon-recurring', lines: [300n], discounts: [12n], total: 12n },
  { id: 'lago-coupon-cap', lines: [6n], discounts: [12n], total: 6n },
  { id: 'met-cp-fixed', lines: [4900n], discounts: [1000n], total: 1000n },
  { id: 'met-cp-cap', lines: [4900n], discounts: ['90', 1000n], total: 4900n },
  { id: 'met-disc-2pct', lines: [10_000n], discounts: ['10', '25'], total: 3250n },
  { id: 'met-disc-pctfirst', lines: [10_000n], discounts: [5000n, '10'], total: 6000n },
  {
    id: 'met-dist-rem',
    lines: [333n, 333n, 334n],
    discounts: [100n],
    lineDiscounts: [33n, 33n, 34n],
    total: 100n,
  },
  { id: 'polar-dist-single', lines: [1000n], discounts: [1500n], lineDiscounts: [1000n], total: 1000n },
  // Theirs rounds each line to 66 in total; the case gives 67 for an engine that, like ours, rounds the total.
  {
    id: 'polar-dist-pctdrift',
    lines: [100n, 100n],
    discounts: ['33.33'],
    lineDiscounts: [34n, 33n],
    total: 67n,
  },
  { id: 'polar-dist-left', lines: [100n, 200n], discounts: [100n], lineDiscounts: [33n, 67n], total: 100n },
  {
    id: 'polar-dist-over',
    lines: [1000n, 1000n],
    discounts: [2500n],
    lineDiscounts: [1000n, 1000n],
    total: 2000n,
  },
];

/** A coupon over several invoices. */
export const COUPON_DURATION_CASE = {
  id: 'met-cp-limit2',
  subtotal: 4900n,
  percent: '20',
  periods: 2,
  totals: [3920n, 3920n, 4900n, 4900n],
} as const;
