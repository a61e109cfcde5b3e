import type { Decimal } from '../money/decimal.js';
import { Decimal as Exact } from '../money/decimal.js';
import { billableQuantity, ZERO } from './billable-quantity.js';
import type { BlockTier, PackageTerms, TieredBlocksTerms } from './charge-terms.js';
import { pricedStep, toCharge } from './charge-steps.js';
import type { RatedCharge, RatedUsage } from './rated-charge.js';
import type { PricedPart } from './tier-table.js';

/** Packages: a full one does not open the next. Free units come off before they are counted. */
export function ratePackages(terms: PackageTerms, usage: RatedUsage): RatedCharge {
  const { billed, steps } = billableQuantity(usage.quantity, terms);
  const quantity = billed.div(terms.packageSize);
  const packages = terms.rounding === 'up' ? quantity.ceil() : quantity.floor();
  if (packages.isZero()) return toCharge({ quantityBilled: billed, amounts: [], steps });
  const amount = packages.times(terms.packageAmount);
  const step = pricedStep({
    kind: 'packages',
    quantity: packages,
    unitAmount: terms.packageAmount,
    amount,
  });
  return toCharge({ quantityBilled: billed, amounts: [amount], steps: [...steps, step] });
}

/** Blocks in tiers: every tier's units in blocks of its own, or all units in blocks of the tier reached. */
export function rateTieredBlocks(terms: TieredBlocksTerms, usage: RatedUsage): RatedCharge {
  const { billed, steps } = billableQuantity(usage.quantity, terms);
  const rows = blockRows(terms.tiers).filter(({ from }) => billed.gt(from));
  const parts = terms.mode === 'all_tiers' ? priceEach(rows, billed) : priceAtTop(rows, billed);
  return toCharge({
    quantityBilled: billed,
    amounts: parts.map(({ amount }) => amount),
    steps: [...steps, ...parts.map(({ step }) => step)],
  });
}

interface BlockRow extends BlockTier {
  readonly tier: number;
  readonly from: Decimal;
  readonly upTo: Decimal | null;
}

function blockRows(tiers: readonly BlockTier[]): BlockRow[] {
  let from = ZERO;
  return tiers.map((block, index) => {
    const upTo = block.maxBlocks === null ? null : from.plus(block.blockSize.times(block.maxBlocks));
    const row = { ...block, tier: index + 1, from, upTo };
    from = upTo ?? from;
    return row;
  });
}

function priceEach(rows: readonly BlockRow[], units: Decimal): PricedPart[] {
  return rows.map((row) => {
    const reached = row.upTo === null ? units : Exact.min(units, row.upTo);
    return priceBlocks(row, reached.minus(row.from));
  });
}

function priceAtTop(rows: readonly BlockRow[], units: Decimal): PricedPart[] {
  return rows.slice(-1).map((row) => priceBlocks(row, units));
}

function priceBlocks(row: BlockRow, units: Decimal): PricedPart {
  const blocks = units.div(row.blockSize).ceil();
  const amount = blocks.times(row.blockAmount);
  const bounds = { tier: row.tier, from: row.from.toFixed(), upTo: row.upTo?.toFixed() ?? null };
  return {
    amount,
    step: pricedStep({ kind: 'blocks', ...bounds, quantity: blocks, unitAmount: row.blockAmount, amount }),
  };
}
