import { apportion, divideDown } from './apportion.js';
import { largestFirst } from './largest-first.js';

/**
 * Splits each row's sum over columns in proportion to the columns' weights, in whole units: every row adds up to its
 * sum, and every column to its share, rounded once, of all the rows together. Weights are not negative; sums may be.
 */
export function apportionTable(rowSums: readonly bigint[], weights: readonly bigint[]): bigint[][] {
  if (weights.length === 1) return rowSums.map((sum) => [sum]);
  const weight = weights.reduce((sum, part) => sum + part, 0n);
  if (weight === 0n) return rowSums.map(() => weights.map(() => 0n));
  const whole = rowSums.reduce((sum, part) => sum + part, 0n);
  const columns = apportion(
    whole,
    weights.map((part) => whole * part),
    weight,
  );
  if (rowSums.length === 1) return [columns];
  const cells = rowSums.map((sum) => weights.map((part) => divideDown(sum * part, weight)));
  const missing = columns.map((sum, column) => {
    return cells.reduce((rest, row) => rest - (row[column] ?? 0n), sum);
  });
  for (const [index, row] of cells.entries()) {
    const sum = rowSums[index] ?? 0n;
    let left = row.reduce((rest, cell) => rest - cell, sum);
    // Those that lost most by rounding down first, and one unit each as long as that goes round.
    const order = largestFirst(row.map((cell, column) => sum * (weights[column] ?? 0n) - cell * weight));
    for (const most of [1n, left]) {
      for (const column of order) {
        const given = least(most, left, missing[column] ?? 0n);
        row[column] = (row[column] ?? 0n) + given;
        missing[column] = (missing[column] ?? 0n) - given;
        left -= given;
      }
    }
  }
  return cells;
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (b < a ? b : a));
}
