import type { Decimal } from '../money/decimal.js';
import { countedIn, ZERO } from './billable-quantity.js';
import { checkLineAmount, type PricedStep, type RatedCharge, type RatingStep } from './rated-charge.js';
import { fromScaled, printScaled, roundScaled, toScaled } from './scaled.js';
import { priceInRow, priceNothing, type TierRow, type TierTable } from './tier-table.js';

/** Rates a measured quantity, or answers null when it does not fit the scale: then the exact way rates it. */
export type ScaledRater = (measured: Decimal) => RatedCharge | null;

interface ScaledRow {
  readonly from: bigint;
  readonly upTo: bigint | null;
  readonly unitAmount: bigint;
  readonly flatAmount: bigint;
  /** What all rows before this cost when they are full, and their steps. */
  readonly before: bigint;
  readonly stepsBefore: readonly PricedStep[];
  /** What is the same of every step in this row. */
  readonly step: PricedStep;
}

interface ScaledTable {
  readonly mode: TierTable['mode'];
  readonly rows: readonly ScaledRow[];
  readonly free: bigint;
  readonly freeOf: 'units' | 'amount';
  /** Decimals of quantities, and of amounts: a quantity times a price has the decimals of both. */
  readonly quantityScale: number;
  readonly amountScale: number;
  readonly atZero: { readonly amount: bigint; readonly steps: readonly PricedStep[] };
}

/** Compiles a table for quantities of a number of decimals; null when the table itself needs more, or converts. */
export function compileTiers(table: TierTable, quantityScale: number): ScaledRater | null {
  const scaled = scaleTable(table, quantityScale);
  return scaled === null ? null : (measured) => rate(scaled, measured);
}

function scaleTable(table: TierTable, quantityScale: number): ScaledTable | null {
  if (table.conversion !== null) return null;
  const free = toScaled(table.freeUnits, quantityScale);
  const priceScale = Math.max(...table.rows.map((row) => pricePlaces(row)));
  const amountScale = quantityScale + priceScale;
  if (free === null) return null;
  const rows: ScaledRow[] = [];
  let before = 0n;
  let stepsBefore: readonly PricedStep[] = [];
  for (const row of table.rows) {
    const from = toScaled(row.from, quantityScale);
    const upTo = row.upTo === null ? null : toScaled(row.upTo, quantityScale);
    const unitAmount = toScaled(row.unitAmount, priceScale);
    const flatAmount = toScaled(row.flatAmount, amountScale);
    if (from === null || unitAmount === null || flatAmount === null) return null;
    if (upTo === null && row.upTo !== null) return null;
    const { step } = priceInRow(row, ZERO);
    rows.push({ from, upTo, unitAmount, flatAmount, before, stepsBefore, step });
    if (row.upTo === null || upTo === null) break;
    before += (upTo - from) * unitAmount + flatAmount;
    stepsBefore = [...stepsBefore, Object.freeze(priceInRow(row, row.upTo.minus(row.from)).step)];
  }
  const nothing = priceNothing(table);
  const amount = nothing.length === 0 ? 0n : (rows[0]?.flatAmount ?? 0n);
  const atZero = { amount, steps: nothing.map(({ step }) => Object.freeze(step)) };
  return { mode: table.mode, rows, free, freeOf: countedIn(table.model), quantityScale, amountScale, atZero };
}

function pricePlaces(row: TierRow): number {
  return Math.max(row.unitAmount.decimalPlaces(), row.flatAmount.decimalPlaces());
}

function rate(table: ScaledTable, measured: Decimal): RatedCharge | null {
  const used = toScaled(measured, table.quantityScale);
  if (used === null) return null;
  const steps: RatingStep[] = [];
  let units = used > 0n ? used : 0n;
  if (table.free > 0n && units > 0n) {
    const free = units < table.free ? units : table.free;
    units -= free;
    steps.push({ kind: 'free', of: table.freeOf, quantity: printScaled(free, table.quantityScale) });
  }
  if (units === 0n) {
    steps.push(...table.atZero.steps);
    return charge(table, { billed: ZERO, amount: table.atZero.amount, steps });
  }
  const row = rowReached(table.rows, units);
  const graduated = table.mode === 'graduated';
  const quantity = graduated ? units - row.from : units;
  const own = quantity * row.unitAmount + row.flatAmount;
  if (graduated) for (const step of row.stepsBefore) steps.push(step);
  const { kind, tier, from, upTo, unitAmount, rate: percent, flatAmount } = row.step;
  steps.push({
    kind,
    tier,
    from,
    upTo,
    quantity: printScaled(quantity, table.quantityScale),
    unitAmount,
    rate: percent,
    flatAmount,
    amount: printScaled(own, table.amountScale),
  });
  const billed = units === used ? measured : fromScaled(units, table.quantityScale);
  return charge(table, { billed, amount: graduated ? row.before + own : own, steps });
}

function rowReached(rows: readonly ScaledRow[], units: bigint): ScaledRow {
  for (const row of rows) if (row.upTo === null || units <= row.upTo) return row;
  throw new RangeError('The last tier of a price must be open.');
}

function charge(
  { amountScale }: ScaledTable,
  { billed, amount, steps }: { billed: Decimal; amount: bigint; steps: RatingStep[] },
): RatedCharge {
  return {
    unrounded: fromScaled(amount, amountScale),
    amount: checkLineAmount(roundScaled(amount, amountScale)),
    quantityBilled: billed,
    steps,
  };
}
