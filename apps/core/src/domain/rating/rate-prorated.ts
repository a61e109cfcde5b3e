import type { Decimal } from '../money/decimal.js';
import { Decimal as Exact } from '../money/decimal.js';
import { convertQuantity, scaleQuantity, ZERO } from './billable-quantity.js';
import { toCharge } from './charge-steps.js';
import type { ProratedChange, RatedCharge, RatedUsage, RatingStep } from './rated-charge.js';
import {
  type PricedPart,
  priceInRow,
  priceNothing,
  rowReached,
  type TierRow,
  type TierTable,
} from './tier-table.js';

/** Rates units held for a part of the period: full units choose the tiers, prorated units are priced. */
export function rateProrated(table: TierTable, usage: RatedUsage): RatedCharge {
  const changes = changesOf(table, usage);
  const billed = table.mode === 'volume' ? priceVolume(table, changes) : priceGraduated(table, changes);
  const free: RatingStep[] = billed.free.gt(0)
    ? [{ kind: 'free', of: 'units', quantity: billed.free.toFixed() }]
    : [];
  return toCharge({
    quantityBilled: billed.quantity,
    amounts: billed.parts.map(({ amount }) => amount),
    steps: [...free, ...billed.parts.map(({ step }) => step)],
  });
}

/** The changes in units of the price. A total without its changes counts as one, and never as less than it weighs. */
function changesOf({ conversion }: TierTable, usage: RatedUsage): ProratedChange[] {
  if (usage.changes !== undefined) {
    return usage.changes.map(({ quantity, proratedQuantity }) => ({
      quantity: scaleQuantity(quantity, conversion),
      proratedQuantity: scaleQuantity(proratedQuantity, conversion),
    }));
  }
  const proratedQuantity = scaleQuantity(Exact.max(usage.proratedQuantity ?? ZERO, ZERO), conversion);
  const full = convertQuantity(Exact.max(usage.quantity, ZERO), conversion);
  // Units that were all given back before the end leave a weight without a count: it stands for itself.
  return [{ quantity: Exact.max(full, proratedQuantity), proratedQuantity }];
}

interface ProratedPricing {
  readonly parts: readonly PricedPart[];
  readonly quantity: Decimal;
  /** Prorated units that were free. */
  readonly free: Decimal;
}

function priceVolume(table: TierTable, changes: readonly ProratedChange[]): ProratedPricing {
  const full = sum(changes.map(({ quantity }) => quantity));
  const prorated = sum(changes.map(({ proratedQuantity }) => proratedQuantity));
  const units = full.minus(table.freeUnits);
  if (units.lte(0)) return { parts: priceNothing(table), quantity: ZERO, free: prorated };
  const quantity = prorated.times(units).div(full);
  const part = priceInRow(rowReached(table, units), quantity);
  return { parts: [part], quantity, free: prorated.minus(quantity) };
}

/**
 * Walks the changes along the tiers. One that crosses a bound is split in proportion to its full units on each side.
 * The flat amounts of all tiers up to the highest reached are due in full, also when the units went again.
 */
function priceGraduated(table: TierTable, changes: readonly ProratedChange[]): ProratedPricing {
  const perRow = table.rows.map(() => ZERO);
  let free = ZERO;
  let held = ZERO;
  let peak = ZERO;
  for (const { quantity, proratedQuantity } of changes) {
    const after = held.plus(quantity);
    const low = Exact.min(held, after);
    const high = Exact.max(held, after);
    // The free units lie below the first tier: everything above them is shifted by their number.
    const share = (from: Decimal, upTo: Decimal | null) =>
      high.eq(low) ? ZERO : proratedQuantity.times(overlap({ low, high, from, upTo })).div(high.minus(low));
    for (const [index, row] of table.rows.entries()) {
      const { from, upTo } = shifted(row, table.freeUnits);
      perRow[index] = (perRow[index] ?? ZERO).plus(share(from, upTo));
    }
    free = free.plus(share(ZERO, table.freeUnits));
    held = after;
    peak = Exact.max(peak, after);
  }
  const reached = peak.minus(table.freeUnits);
  if (reached.lte(0)) return { parts: priceNothing(table), quantity: ZERO, free };
  const entered = table.rows.filter((row) => reached.gt(row.from));
  return {
    parts: entered.map((row, index) => priceInRow(row, perRow[index] ?? ZERO)),
    quantity: sum(perRow),
    free,
  };
}

function shifted({ from, upTo }: TierRow, by: Decimal): Pick<TierRow, 'from' | 'upTo'> {
  return { from: from.plus(by), upTo: upTo?.plus(by) ?? null };
}

function overlap(of: { low: Decimal; high: Decimal; from: Decimal; upTo: Decimal | null }): Decimal {
  const start = Exact.max(of.low, of.from);
  const end = of.upTo === null ? of.high : Exact.min(of.high, of.upTo);
  return Exact.max(end.minus(start), ZERO);
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), ZERO);
}
