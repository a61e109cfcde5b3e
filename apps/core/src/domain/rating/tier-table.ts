import type { Decimal } from '../money/decimal.js';
import { Decimal as Exact } from '../money/decimal.js';
import { ZERO } from './billable-quantity.js';
import type { CommonTerms, GraduatedPercentageTerms, PerUnitTerms, TieredTerms } from './charge-terms.js';
import { pricedStep } from './charge-steps.js';
import type { PricedStep } from './rated-charge.js';

/** One row of a table of tiers, whatever its model calls its price. */
export interface TierRow {
  /** From 1; null for the only row of a model without tiers. */
  readonly tier: number | null;
  /** Exclusive. */
  readonly from: Decimal;
  /** Inclusive; null is open. */
  readonly upTo: Decimal | null;
  /** Minor units for one unit. */
  readonly unitAmount: Decimal;
  /** Percent, where the table states rates. */
  readonly rate: Decimal | null;
  readonly flatAmount: Decimal;
}

/** Terms that price a quantity by a table of tiers. One price per unit is a table of one open tier. */
export interface TierTable extends CommonTerms {
  readonly mode: 'graduated' | 'volume';
  readonly rows: readonly TierRow[];
  readonly flatAtZero: Decimal;
  readonly model: TierTableTerms['model'];
}

export type TierTableTerms = PerUnitTerms | TieredTerms | GraduatedPercentageTerms;

/** Reads a table of tiers out of terms: each row with the bound it starts after, rates as prices for one unit. */
export function tierTableOf(terms: TierTableTerms): TierTable {
  const { model, freeUnits, conversion } = terms;
  if (terms.model === 'per_unit') {
    const { unitAmount } = terms;
    const row = { tier: null, from: ZERO, upTo: null, unitAmount, rate: null, flatAmount: ZERO };
    return { mode: 'graduated', rows: [row], flatAtZero: ZERO, model, freeUnits, conversion };
  }
  const rows = terms.tiers.map((tier, index): TierRow => {
    const from = terms.tiers[index - 1]?.upTo ?? ZERO;
    const price =
      'rate' in tier
        ? { rate: tier.rate, unitAmount: tier.rate.div(100) }
        : { rate: null, unitAmount: tier.unitAmount };
    return { tier: index + 1, from, upTo: tier.upTo, flatAmount: tier.flatAmount, ...price };
  });
  const mode = model === 'volume' ? 'volume' : 'graduated';
  const billFlatAtZero = terms.model !== 'graduated_percentage' && terms.billFlatAtZero;
  const flatAtZero = billFlatAtZero ? (rows[0]?.flatAmount ?? ZERO) : ZERO;
  return { mode, rows, flatAtZero, model, freeUnits, conversion };
}

export interface PricedPart {
  readonly amount: Decimal;
  readonly step: PricedStep;
}

/** Prices a quantity that falls in one row, with the flat amount of the row. */
export function priceInRow(row: TierRow, quantity: Decimal): PricedPart {
  const amount = quantity.times(row.unitAmount).plus(row.flatAmount);
  if (row.tier === null) {
    return { amount, step: pricedStep({ kind: 'units', quantity, unitAmount: row.unitAmount, amount }) };
  }
  const { tier, unitAmount, flatAmount } = row;
  const bounds = { tier, from: row.from.toFixed(), upTo: row.upTo?.toFixed() ?? null };
  const price = row.rate === null ? { unitAmount } : { rate: row.rate };
  return { amount, step: pricedStep({ kind: 'tier', ...bounds, quantity, ...price, flatAmount, amount }) };
}

/** What nothing used costs: the flat amount of the first tier if the price asks for it, else nothing. */
export function priceNothing({ flatAtZero, rows }: TierTable): PricedPart[] {
  const [first] = rows;
  return flatAtZero.isZero() || first === undefined ? [] : [priceInRow(first, ZERO)];
}

/** Prices billable units. Graduated: every row entered prices its own units. Volume: the row reached prices all. */
export function priceByTiers(table: TierTable, units: Decimal): PricedPart[] {
  if (units.lte(0)) return priceNothing(table);
  if (table.mode === 'volume') return [priceInRow(rowReached(table, units), units)];
  return table.rows
    .filter((row) => units.gt(row.from))
    .map((row) => priceInRow(row, (row.upTo === null ? units : Exact.min(units, row.upTo)).minus(row.from)));
}

/** The row that a quantity lies in: bounds are inclusive, and a fraction above one belongs to the next row. */
export function rowReached({ rows }: TierTable, units: Decimal): TierRow {
  const row = rows.find(({ upTo }) => upTo === null || units.lte(upTo));
  if (row === undefined) throw new RangeError('The last tier of a price must be open.');
  return row;
}
