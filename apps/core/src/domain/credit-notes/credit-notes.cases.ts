/**
 * Cases of open billing engines (Lago, Meteroid, Kill Bill) on credit notes, restated for our fields: amounts in minor
 * units, what is credited of a line before its discount.
 */
export interface CreditNoteCase {
  readonly id: string;
  /** `rates` are parallel taxes of a line, each its own. */
  readonly lines: readonly {
    readonly amount: bigint;
    readonly rates: readonly string[];
    readonly discounted?: 'no';
  }[];
  readonly fixedDiscount?: bigint;
  readonly percentDiscount?: string;
  /** What is credited of which line, by its index; by `gross` where the source gives the total with tax. */
  readonly credited: readonly ({ readonly line: number } & (
    { readonly amount: bigint } | { readonly gross: bigint }
  ))[];
  readonly invoice?: { readonly discountTotal?: bigint; readonly taxTotal: bigint; readonly total: bigint };
  readonly discountTotal?: bigint;
  readonly netTotal?: bigint;
  readonly taxTotal?: bigint;
  readonly total?: bigint;
  readonly taxes?: readonly { readonly rate: string; readonly amount: bigint }[];
  /** The first credited line alone. */
  readonly firstLine?: { readonly net: bigint; readonly tax: bigint; readonly gross: bigint };
  /** What was paid, and where the note goes when as much as possible is to be refunded. */
  readonly paid?: bigint;
  readonly refundable?: bigint;
  readonly split?: { readonly toInvoice: bigint; readonly toRefund: bigint; readonly toBalance: bigint };
  readonly wish?: 'balance' | 'refund';
}

const MET_LINES = [1000n, 2000n, 3000n, 4000n].map((amount) => ({ amount, rates: ['10'] }));

export const CREDIT_NOTE_CASES: readonly CreditNoteCase[] = [
  {
    id: 'lago-cn-est-part',
    lines: [
      { amount: 17_900n, rates: ['10'], discounted: 'no' },
      { amount: 39_900n, rates: ['10', '10'] },
    ],
    fixedDiscount: 25_000n,
    credited: [{ line: 1, amount: 26_260n }],
    invoice: { taxTotal: 4770n, total: 37_570n },
    discountTotal: 16_454n,
    netTotal: 9806n,
    taxTotal: 1961n,
    total: 11_767n,
    paid: 1200n,
    refundable: 1200n,
  },
  {
    id: 'lago-cn-taxes-2',
    lines: [
      { amount: 100n, rates: ['20'] },
      { amount: 50n, rates: ['20', '10'] },
    ],
    credited: [
      { line: 0, amount: 20n },
      { line: 1, amount: 50n },
    ],
    taxTotal: 19n,
    taxes: [
      { rate: '20', amount: 14n },
      { rate: '10', amount: 5n },
    ],
  },
  {
    id: 'met-cn-invoice',
    lines: MET_LINES,
    percentDiscount: '10',
    credited: [],
    invoice: { discountTotal: 1000n, taxTotal: 900n, total: 9900n },
  },
  {
    id: 'met-cn-part1',
    lines: MET_LINES,
    percentDiscount: '10',
    credited: [
      { line: 0, amount: 1000n },
      { line: 1, amount: 2000n },
    ],
    taxTotal: 270n,
    total: 2970n,
  },
  {
    id: 'met-cn-amount',
    lines: MET_LINES,
    credited: [
      { line: 0, amount: 500n },
      { line: 1, amount: 2000n },
    ],
    firstLine: { net: 500n, tax: 50n, gross: 550n },
    total: 2750n,
  },
  {
    id: 'met-cn-debtfull',
    lines: [{ amount: 10_000n, rates: [] }],
    credited: [{ line: 0, amount: 10_000n }],
    paid: 0n,
    split: { toInvoice: 10_000n, toRefund: 0n, toBalance: 0n },
  },
  {
    // Theirs refuses; ours takes it off what is due, and as little gets to the balance.
    id: 'met-cn-balunpaid',
    lines: [{ amount: 10_000n, rates: [] }],
    credited: [{ line: 0, amount: 10_000n }],
    paid: 0n,
    wish: 'balance',
    split: { toInvoice: 10_000n, toRefund: 0n, toBalance: 0n },
  },
  {
    id: 'lago-cn-refund-full',
    lines: [
      { amount: 3100n, rates: ['20'] },
      { amount: 3100n, rates: ['20'] },
    ],
    credited: [{ line: 0, amount: 1600n }],
    invoice: { taxTotal: 1240n, total: 7440n },
    netTotal: 1600n,
    taxTotal: 320n,
    total: 1920n,
    paid: 7440n,
    split: { toInvoice: 0n, toRefund: 1920n, toBalance: 0n },
  },
  {
    // What theirs calls credit on an unpaid invoice is taken off what is due.
    id: 'lago-cn-refund-unpaid',
    lines: [
      { amount: 3100n, rates: ['20'] },
      { amount: 3100n, rates: ['20'] },
    ],
    credited: [{ line: 0, amount: 1600n }],
    total: 1920n,
    paid: 0n,
    split: { toInvoice: 1920n, toRefund: 0n, toBalance: 0n },
  },
  {
    id: 'lago-cnround-a',
    lines: [{ amount: 20_000n, rates: ['25'] }],
    credited: [{ line: 0, amount: 19_333n }],
    invoice: { taxTotal: 5000n, total: 25_000n },
    netTotal: 19_333n,
    taxTotal: 4833n,
    total: 24_166n,
  },
  {
    id: 'lago-cnround-b',
    lines: [{ amount: 16_000n, rates: ['25'] }],
    credited: [{ line: 0, amount: 15_467n }],
    invoice: { taxTotal: 4000n, total: 20_000n },
    netTotal: 15_467n,
    taxTotal: 3867n,
    total: 19_334n,
  },
  {
    // 29/30 of 250.00 with tax: credited by its gross total. By its net amount, rounded first, it is `lago-cnround-a`.
    id: 'iss-lago-4313',
    lines: [{ amount: 20_000n, rates: ['25'] }],
    credited: [{ line: 0, gross: 24_167n }],
    total: 24_167n,
  },
  {
    // Ours does not void what was paid: a note over all of it gives the same credit, and the invoice stays paid.
    id: 'lago-void-credit',
    lines: [{ amount: 1000n, rates: ['20'] }],
    credited: [{ line: 0, amount: 1000n }],
    total: 1200n,
    paid: 1200n,
    wish: 'balance',
    split: { toInvoice: 0n, toRefund: 0n, toBalance: 1200n },
  },
];

/**
 * Notes for the unused days of a subscription that is ended. Theirs bills the day of the end; in half-open days that is
 * an end at the start of the next local day, and the unused days run from there to the period's end.
 */
export interface TerminationCase {
  readonly id: string;
  /** Price of the period, taxed at 20 %. */
  readonly amount: bigint;
  /** First local days of the period and of the next one. */
  readonly period: readonly [string, string];
  readonly terminatedAt: string;
  readonly timeZone: string;
  readonly netTotal: bigint;
  readonly taxTotal: bigint;
  readonly total: bigint;
}

const OCTOBER = ['2022-10-01', '2022-11-01'] as const;

export const TERMINATION_CASES: readonly TerminationCase[] = [
  {
    id: 'lago-cn-tz-minus',
    amount: 3100n,
    period: OCTOBER,
    terminatedAt: '2022-10-15T01:00:00Z',
    timeZone: 'America/Los_Angeles',
    netTotal: 1700n,
    taxTotal: 340n,
    total: 2040n,
  },
  {
    id: 'lago-cn-tz-plus',
    amount: 3100n,
    period: OCTOBER,
    terminatedAt: '2022-10-15T01:00:00Z',
    timeZone: 'Europe/Paris',
    netTotal: 1600n,
    taxTotal: 320n,
    total: 1920n,
  },
  {
    id: 'lago-cn-details',
    amount: 6200n,
    period: OCTOBER,
    terminatedAt: '2022-10-15T10:00:00Z',
    timeZone: 'UTC',
    netTotal: 3200n,
    taxTotal: 640n,
    total: 3840n,
  },
];

/** A refund and a credit of the same value, in either order: 500.00 paid, 333.33 given back once. */
export const REFUND_CASES = [
  { id: 'kbit-cancel-then-refund', steps: ['credit', 'refund'] },
  { id: 'kbit-refund-then-cancel', steps: ['refund', 'credit'] },
] as const;
export const REFUND_CASE_AMOUNTS = { total: 50_000n, paid: 50_000n, amount: 33_333n } as const;

export const CREDIT_NOTE_CASES_NOT_RUN: readonly { readonly id: string; readonly reason: string }[] = [
  {
    id: 'lago-cn-trial-after',
    reason:
      'The period in advance is billed while a trial runs; ours is billed when the trial ends, so nothing is there to credit.',
  },
  {
    id: 'lago-cn-trial-all',
    reason:
      'No note, because all of the period was trial: ours has no invoice either, a period is billed when the trial ends.',
  },
  {
    id: 'lago-cn-refund-trial',
    reason:
      'For information (lago_quirk): a refund that counts days after a trial as used within a period billed before its end.',
  },
  {
    id: 'lago-cn-precision',
    reason:
      'For information (lago_quirk): 15/30 of 9.99 cut at five decimals is 4.99; exact arithmetic gives 5.00.',
  },
];
