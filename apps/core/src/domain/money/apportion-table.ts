import { apportion, divideDown } from './apportion.js';

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
    let left = row.reduce((rest, cell) => rest - cell, rowSums[index] ?? 0n);
    // Those that lost most by rounding down first, and one unit each as long as that goes round.
    const order = byLoss(row, weights, rowSums[index] ?? 0n, weight);
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

function byLoss(row: readonly bigint[], weights: readonly bigint[], sum: bigint, weight: bigint): number[] {
  return row
    .map((cell, column) => ({ column, loss: sum * (weights[column] ?? 0n) - cell * weight }))
    .sort((a, b) => (a.loss === b.loss ? a.column - b.column : a.loss > b.loss ? -1 : 1))
    .map(({ column }) => column);
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (b < a ? b : a));
}
