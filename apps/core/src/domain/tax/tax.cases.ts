/**
 * Cases of open billing engines (Lago, Meteroid) on tax, restated for our fields: amounts in minor units, rates in
 * percent, a discount as in `coupons/`. All of them are run.
 */
export interface TaxCase {
  readonly id: string;
  /** `rates` of a line are parallel taxes, each its own. */
  readonly lines: readonly {
    readonly amount: bigint;
    readonly rates: readonly string[];
    readonly discounted?: 'no';
  }[];
  readonly fixedDiscount?: bigint;
  readonly percentDiscount?: string;
  readonly lineDiscounts?: readonly bigint[];
  readonly lineTaxes?: readonly bigint[];
  readonly discountTotal?: bigint;
  readonly netTotal?: bigint;
  readonly taxTotal: bigint;
  readonly total?: bigint;
}

export const TAX_CASES: readonly TaxCase[] = [
  {
    id: 'met-tax-round999',
    lines: [{ amount: 999n, rates: ['21'] }],
    lineTaxes: [210n],
    taxTotal: 210n,
  },
  { id: 'met-ic-vat', lines: [{ amount: 3500n, rates: ['20'] }], taxTotal: 700n, total: 4200n },
  {
    id: 'met-tax-cust15',
    lines: [
      { amount: 10_000n, rates: ['15'] },
      { amount: 5000n, rates: ['15'] },
    ],
    lineTaxes: [1500n, 750n],
    taxTotal: 2250n,
    total: 17_250n,
  },
  // Which rate counts is the caller's to decide; these two are what the rate comes to.
  { id: 'lago-oneoff-default', lines: [{ amount: 10_000n, rates: ['15'] }], taxTotal: 1500n },
  { id: 'lago-oneoff-entity', lines: [{ amount: 10_000n, rates: ['12'] }], taxTotal: 1200n },
  {
    id: 'lago-cn-multi-tax',
    lines: [
      { amount: 17_900n, rates: ['10'], discounted: 'no' },
      { amount: 39_900n, rates: ['10', '10'] },
    ],
    fixedDiscount: 25_000n,
    lineDiscounts: [0n, 25_000n],
    discountTotal: 25_000n,
    taxTotal: 4770n,
    total: 37_570n,
  },
  {
    id: 'lago-tax-mixed',
    lines: [
      { amount: 10_000n, rates: ['10'] },
      { amount: 5000n, rates: ['0'] },
      { amount: 3000n, rates: ['20'] },
      { amount: 2000n, rates: ['20'] },
    ],
    fixedDiscount: 1000n,
    lineDiscounts: [500n, 250n, 150n, 100n],
    lineTaxes: [950n, 0n, 570n, 380n],
    netTotal: 19_000n,
    taxTotal: 1900n,
    total: 20_900n,
  },
  {
    id: 'met-ic-couptax',
    lines: [{ amount: 3500n, rates: ['8.25'] }],
    percentDiscount: '10',
    discountTotal: 350n,
    taxTotal: 260n,
  },
];

/** met-tax-region: the most specific rate of a place wins. */
export const TAX_REGION_CASE = {
  id: 'met-tax-region',
  amount: 10_000n,
  supply: { country: 'US', region: 'CA', category: 'standard' },
  rates: [
    { region: null, rate: '5' },
    { region: 'CA', rate: '7.25' },
    { region: 'NY', rate: null },
  ],
  taxTotal: 725n,
} as const;
