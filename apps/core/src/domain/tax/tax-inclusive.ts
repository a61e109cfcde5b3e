import { apportion } from '../money/apportion.js';
import { apportionTable } from '../money/apportion-table.js';
import { divideHalfAwayFromZero } from '../money/percentage.js';
import type { TaxShare } from './tax-types.js';
import type { PreparedLine, TaxedLine } from './taxable-line.js';

/**
 * Takes the tax out of prices that include it; writes the results into `taxed` by the lines' index. Lines with the same
 * taxes are one group: its net amount is rounded once, the rest is tax, so net and tax are the price again exactly.
 */
export function taxInclusiveLines(lines: readonly PreparedLine[], taxed: TaxedLine[]): void {
  for (const group of groupsOf(lines)) taxGroup(group, taxed);
}

function groupsOf(lines: readonly PreparedLine[]): PreparedLine[][] {
  const groups = new Map<string, PreparedLine[]>();
  for (const line of lines) {
    const group = groups.get(line.tax.key);
    if (group) group.push(line);
    else groups.set(line.tax.key, [line]);
  }
  return [...groups.values()];
}

function taxGroup(lines: readonly PreparedLine[], taxed: TaxedLine[]): void {
  const [first] = lines;
  if (!first) return;
  const { one, effective, effectiveSum } = first.tax;
  const gross = lines.reduce((sum, line) => sum + line.amount, 0n);
  const tax = gross - divideHalfAwayFromZero(gross * one, one + effectiveSum);
  const numerators = lines.map((line) => line.amount * effectiveSum);
  const lineTaxes = apportion(tax, numerators, one + effectiveSum);
  const cells = apportionTable(lineTaxes, effective);
  for (const [
    k,
    {
      index,
      amount,
      tax: { components },
    },
  ] of lines.entries()) {
    const lineTax = lineTaxes[k] ?? 0n;
    const net = amount - lineTax;
    let before = 0n;
    const taxes = components.map(({ code, name, rate, compound }, position): TaxShare => {
      const share = cells[k]?.[position] ?? 0n;
      const base = compound ? net + before : net;
      before += share;
      return { code, name, rate, base, amount: share };
    });
    taxed[index] = { net, tax: lineTax, gross: amount, taxes };
  }
}
