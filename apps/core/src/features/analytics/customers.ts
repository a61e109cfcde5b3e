import { localDaysBetween } from '../../domain/calendar/periods.js';
import { Decimal, roundToMinor } from '../../domain/money/decimal.js';
import { toWireAmount } from '../../domain/money/money.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type AnalyticsRange, readRange } from './analytics-range.js';
import type { AnalyticsQuery } from './analytics.schemas.js';
import {
  ageingFigures,
  type AgeingFigures,
  collectedFigures,
  headCount,
  type PayingFigures,
  payingFigures,
} from './customer-figures.js';
import type { CustomerAnalyticsWire } from './customers.schemas.js';

/** The mean length of a month of the Gregorian calendar. */
const DAYS_PER_MONTH = new Decimal(146_097).dividedBy(4_800);

const NOBODY: Omit<PayingFigures, 'currency'> = { payingAtStart: 0, payingAtEnd: 0, churned: 0, mrr: 0n };

/**
 * Who pays, what one brings and stays worth, and how old the debts are.
 * @throws invalidRequest
 */
export async function readCustomers(
  ctx: TenantContext,
  query: Omit<AnalyticsQuery, 'groupBy'>,
): Promise<CustomerAnalyticsWire> {
  // Nothing is told by parts: months keep any time within what can be asked for.
  const range = readRange(ctx, { ...query, groupBy: 'month' });
  const { from, to, timeZone, whole } = range;
  const [heads, paying, collected, ageing] = await Promise.all([
    headCount(ctx, whole),
    payingFigures(ctx, whole),
    collectedFigures(ctx, whole),
    ageingFigures(ctx),
  ]);
  const there = [...paying, ...collected, ...ageing].map(({ currency }) => currency);
  const currencies = query.currency === undefined ? [...new Set(there)].sort() : [query.currency];
  const of = <T extends { currency: string }>(rows: readonly T[], currency: string) =>
    rows.find((row) => row.currency === currency);
  return {
    object: 'customer_analytics',
    from,
    to,
    timeZone,
    ...heads,
    currencies: currencies.map((currency) => {
      const money = of(collected, currency);
      return {
        currency,
        ...payingWire(of(paying, currency) ?? NOBODY, monthsOf(range)),
        collected: toWireAmount(money?.collected ?? 0n),
        payers: money?.payers ?? 0,
        ageing: ageingWire(of(ageing, currency)),
      };
    }),
  };
}

function monthsOf({ whole, timeZone }: AnalyticsRange): Decimal {
  return new Decimal(localDaysBetween(whole.start, whole.end, timeZone)).dividedBy(DAYS_PER_MONTH);
}

function payingWire(figures: Omit<PayingFigures, 'currency'>, months: Decimal) {
  const { payingAtStart, payingAtEnd, churned, mrr } = figures;
  const lost = payingAtStart === 0 ? null : new Decimal(churned).dividedBy(payingAtStart);
  const average = payingAtEnd === 0 ? null : new Decimal(mrr.toString()).dividedBy(payingAtEnd);
  const lifetime = average && lost?.gt(0) ? average.dividedBy(lost.dividedBy(months)) : null;
  return {
    payingAtStart,
    payingAtEnd,
    churned,
    churnRate: lost?.toDecimalPlaces(6).toFixed() ?? null,
    mrr: toWireAmount(mrr),
    arpu: average && minor(average),
    lifetimeValue: lifetime && minor(lifetime),
  };
}

function minor(amount: Decimal): number {
  return toWireAmount(roundToMinor(amount, 'half_away_from_zero'));
}

function ageingWire(figures: AgeingFigures | undefined) {
  const wire = (amount: bigint | undefined) => toWireAmount(amount ?? 0n);
  return {
    notDue: wire(figures?.notDue),
    days1To30: wire(figures?.days1To30),
    days31To60: wire(figures?.days31To60),
    days61To90: wire(figures?.days61To90),
    over90: wire(figures?.over90),
    total: wire(figures?.total),
    customers: figures?.customers ?? 0,
  };
}
