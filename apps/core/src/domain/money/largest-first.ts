/**
 * The indexes of numbers, the largest first and the earlier one first among equals: the order in which units that are
 * left over by rounding down are given out.
 */
export function largestFirst(numbers: readonly bigint[]): number[] {
  // Sorting is stable: equals stay in their order.
  return numbers
    .map((number, index) => ({ number, index }))
    .sort((a, b) => (a.number < b.number ? 1 : a.number > b.number ? -1 : 0))
    .map(({ index }) => index);
}
