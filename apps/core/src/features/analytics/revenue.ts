import { toWireAmount } from '../../domain/money/money.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type AnalyticsRange, readRange } from './analytics-range.js';
import type { AnalyticsQuery } from './analytics.schemas.js';
import {
  type Figure,
  type MoneyFigure,
  moneyFigures,
  type MrrFigure,
  mrrFigures,
  outstanding,
} from './revenue-figures.js';
import type { MoneyWire, MrrWire, RevenueWire } from './revenue.schemas.js';

const MONEY: readonly MoneyFigure[] = [
  'billed',
  'tax',
  'prepaid',
  'voided',
  'credited',
  'writtenOff',
  'collected',
  'refunded',
];
const MOVES: readonly MrrFigure[] = ['new', 'expansion', 'contraction', 'churn', 'reactivation'];

/**
 * What was billed, came in and went back, by currency and by the parts of a time, and how the recurring revenue moved.
 * @throws invalidRequest
 */
export async function readRevenue(ctx: TenantContext, query: AnalyticsQuery): Promise<RevenueWire> {
  const range = readRange(ctx, query);
  const { from, to, timeZone, groupBy } = range;
  const [money, moves, debts] = await Promise.all([
    moneyFigures(ctx, range),
    mrrFigures(ctx, range),
    outstanding(ctx),
  ]);
  const there = [...money, ...moves, ...debts].map(({ currency }) => currency);
  const currencies = query.currency === undefined ? [...new Set(there)].sort() : [query.currency];
  return {
    object: 'revenue_analytics',
    from,
    to,
    timeZone,
    groupBy,
    currencies: currencies.map((currency) => {
      const figures = [...money, ...moves].filter((figure) => figure.currency === currency);
      const sum = sumsOf(figures, range.buckets.length);
      const debt = debts.find((one) => one.currency === currency);
      const all = { first: 1, last: range.buckets.length };
      const mrr = mrrOf(sum, all);
      return {
        currency,
        money: moneyOf(sum, all),
        mrr: mrrWire(mrr),
        arr: toWireAmount(mrr.end * 12n),
        outstanding: {
          amount: toWireAmount(debt?.amount ?? 0n),
          overdue: toWireAmount(debt?.overdue ?? 0n),
          invoices: debt?.invoices ?? 0,
        },
        data: bucketsOf(range, sum),
      };
    }),
  };
}

/** Parts of a range by their numbers, both included. */
interface Span {
  readonly first: number;
  readonly last: number;
}
type SumOf = (what: Figure['what'], span: Span) => bigint;

/** Running totals of each figure by part, so that any span is one subtraction. */
function sumsOf(figures: readonly Figure[], parts: number): SumOf {
  const totals = new Map<Figure['what'], bigint[]>();
  for (const { what, bucket, amount } of figures) {
    const ofPart = totals.get(what) ?? Array.from({ length: parts + 1 }, () => 0n);
    ofPart[bucket] = (ofPart[bucket] ?? 0n) + amount;
    totals.set(what, ofPart);
  }
  for (const ofPart of totals.values()) {
    for (let part = 1; part <= parts; part++) ofPart[part] = (ofPart[part] ?? 0n) + (ofPart[part - 1] ?? 0n);
  }
  return (what, { first, last }) => {
    const running = totals.get(what);
    return (running?.[last] ?? 0n) - (first === 0 ? 0n : (running?.[first - 1] ?? 0n));
  };
}

function bucketsOf({ buckets }: AnalyticsRange, sum: SumOf) {
  return buckets.map(({ start, end }, index) => {
    const span = { first: index + 1, last: index + 1 };
    return {
      start: start.toISOString(),
      end: end.toISOString(),
      money: moneyOf(sum, span),
      mrr: mrrWire(mrrOf(sum, span)),
    };
  });
}

function moneyOf(sum: SumOf, span: Span): MoneyWire {
  return Object.fromEntries(MONEY.map((what) => [what, toWireAmount(sum(what, span))])) as MoneyWire;
}

/** The start is all that moved before: movements add up, and nothing else is kept of the past. */
function mrrOf(sum: SumOf, span: Span): Record<keyof MrrWire, bigint> {
  const before = { first: 0, last: span.first - 1 };
  const start = MOVES.reduce((total, what) => total + sum(what, before), 0n);
  const moved = Object.fromEntries(MOVES.map((what) => [what, sum(what, span)])) as Record<MrrFigure, bigint>;
  const end = MOVES.reduce((total, what) => total + moved[what], start);
  return { start, ...moved, end };
}

function mrrWire(mrr: Record<keyof MrrWire, bigint>): MrrWire {
  const entries = Object.entries(mrr).map(([what, amount]) => [what, toWireAmount(amount)]);
  return Object.fromEntries(entries) as MrrWire;
}
