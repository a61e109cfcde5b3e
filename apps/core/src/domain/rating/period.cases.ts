/** Cases of what happens to a charge over the invoices of a period, in minor units; days as fractions. */
const TIERS_OF_FEES = {
  model: 'graduated',
  tiers: [
    { upTo: '5', unitAmount: '0', flatAmount: '10000' },
    { upTo: '10', unitAmount: '0', flatAmount: '5000' },
    { upTo: '15', unitAmount: '500' },
    { upTo: null, unitAmount: '100' },
  ],
};
const VOLUME_OF_FEES = {
  model: 'volume',
  tiers: [
    { upTo: '5', unitAmount: '0', flatAmount: '10000' },
    { upTo: '10', unitAmount: '0', flatAmount: '15000' },
    { upTo: '15', unitAmount: '1000' },
    { upTo: null, unitAmount: '500' },
  ],
};
const TENS = { model: 'package', packageSize: '10', packageAmount: '1500' };
const HUNDREDS = { model: 'package', packageSize: '100', packageAmount: '100' };
const FINE_UNIT = { model: 'per_unit', unitAmount: '0.02' };

export interface DifferenceCase {
  readonly id: string;
  readonly terms: object;
  /** What earlier invoices of the period billed, and what they ought to have in the end. */
  readonly billed: string;
  readonly whole: string;
  readonly amount: bigint;
  readonly quantity?: string;
  /** Tier, quantity and amount of each line. */
  readonly lines?: readonly (readonly [number | null, string, string])[];
}

/** Progressive invoices, free units over several invoices, and events that come after the invoice. */
export const DIFFERENCE_CASES: readonly DifferenceCase[] = [
  {
    id: 'om-grad-progressive',
    terms: TIERS_OF_FEES,
    billed: '12',
    whole: '22',
    amount: 2_200n,
    lines: [
      [3, '3', '1500'],
      [4, '7', '700'],
    ],
  },
  {
    id: 'om-freeunits-1',
    terms: { model: 'per_unit', unitAmount: '100', freeUnits: '10' },
    billed: '5',
    whole: '20',
    amount: 1_000n,
    quantity: '10',
  },
  {
    id: 'kb-rebill-2',
    terms: HUNDREDS,
    billed: '99',
    whole: '199',
    amount: 100n,
    lines: [[null, '1', '100']],
  },
  // The invoice at the threshold of 200.00 billed the first million; the final one adds the fee of 31.00 to the rest.
  { id: 'lago-prog-1', terms: FINE_UNIT, billed: '1000000', whole: '2000000', amount: 20_000n },
  // The threshold fired in the first month, whose final invoice has no usage left to bill.
  { id: 'lago-prog-once', terms: FINE_UNIT, billed: '1000000', whole: '1000000', amount: 0n, lines: [] },
];

export interface BoundsCase {
  readonly id: string;
  readonly terms: object;
  readonly billed: string;
  readonly whole: string;
  readonly minimum?: bigint;
  readonly maximum?: bigint;
  readonly factor?: readonly [bigint, bigint];
  readonly discount?: bigint;
  readonly due: bigint;
  readonly trueUp?: bigint;
  /** Discount and rest of each line, where the lines are discounted one by one. */
  readonly lines?: readonly (readonly [bigint, bigint])[];
}

export const BOUNDS_CASES: readonly BoundsCase[] = [
  { id: 'om-vol-max-5-100', terms: VOLUME_OF_FEES, billed: '0', whole: '5', maximum: 10_000n, due: 10_000n },
  {
    id: 'om-vol-max-7-125',
    terms: VOLUME_OF_FEES,
    billed: '0',
    whole: '7',
    maximum: 12_500n,
    discount: 2_500n,
    due: 12_500n,
  },
  {
    id: 'om-grad-max',
    terms: TIERS_OF_FEES,
    billed: '12',
    whole: '22',
    maximum: 17_000n,
    discount: 1_200n,
    due: 1_000n,
    lines: [
      [500n, 1_000n],
      [700n, 0n],
    ],
  },
  {
    id: 'om-pkg-max',
    terms: TENS,
    billed: '60',
    whole: '110',
    maximum: 10_000n,
    discount: 6_500n,
    due: 1_000n,
  },
  {
    id: 'om-vol-min-5-150',
    terms: VOLUME_OF_FEES,
    billed: '0',
    whole: '5',
    minimum: 15_000n,
    due: 10_000n,
    trueUp: 5_000n,
  },
  {
    id: 'om-vol-min-100-100',
    terms: VOLUME_OF_FEES,
    billed: '0',
    whole: '100',
    minimum: 10_000n,
    due: 50_000n,
  },
  {
    id: 'om-grad-min',
    terms: TIERS_OF_FEES,
    billed: '2',
    whole: '2',
    minimum: 100_000n,
    due: 0n,
    trueUp: 90_000n,
  },
  {
    id: 'lago-trueup-prorated',
    terms: { model: 'per_unit', unitAmount: '1' },
    billed: '0',
    whole: '200',
    minimum: 1_000n,
    factor: [15n, 31n],
    due: 200n,
    trueUp: 284n,
  },
];

/** [id, commitment, days, spent, committed, true-up]; an inclusive end is the day after, so the days are the same. */
export const COMMITMENT_CASES: readonly (readonly [
  string,
  bigint,
  readonly [bigint, bigint],
  bigint,
  bigint,
  bigint,
])[] = [
  ['lago-commit-quarter', 40_000n, [90n, 91n], 0n, 39_560n, 39_560n],
  ['lago-commit-yearcal', 200_000n, [352n, 366n], 0n, 192_350n, 192_350n],
  ['lago-commit-week', 3_000n, [6n, 7n], 0n, 2_571n, 2_571n],
  ['lago-commit-scn-1', 1_000_000n, [2n, 29n], 690n + 3_000n, 68_966n, 65_276n],
];

export interface SequenceCase {
  readonly id: string;
  readonly terms: object;
  readonly events: readonly string[];
  /** After each event: minor units before tax, and with tax of 20 %. */
  readonly amounts: readonly bigint[];
  readonly totals: readonly bigint[];
}

export const SEQUENCE_CASES: readonly SequenceCase[] = [
  {
    id: 'lago-pct-seq-1',
    terms: { model: 'percentage', rate: '1', fixedAmount: '500', freeEvents: '3' },
    events: ['1000', '1000', '1000', '1000'],
    amounts: [0n, 0n, 0n, 510n],
    totals: [0n, 0n, 0n, 612n],
  },
  {
    id: 'lago-pct-seq-2',
    terms: { model: 'percentage', rate: '1', fixedAmount: '500', freeAmount: '1500' },
    events: ['400', '400', '400', '400', '1000'],
    amounts: [0n, 0n, 0n, 501n, 1_011n],
    totals: [0n, 0n, 0n, 601n, 1_213n],
  },
];

/** [id, lines, tax in percent, total with tax]. The wallet pays the rounded total of each of its invoices. */
export const ROUNDING_CASES: readonly (readonly [string, readonly bigint[], string, bigint])[] = [
  ['iss-lago-2643-invoice', [6_833n, 6_833n, 5_750n, 8_500n], '20', 33_499n],
  ['lago-prepaid', [1_429n], '24', 1_772n],
  ['lago-prepaid', [1_427n], '24', 1_769n],
];
