import { applyDiscounts } from '../coupons/apply-discounts.js';
import type { Discount } from '../coupons/discount-types.js';
import { computeTaxes } from '../tax/compute-taxes.js';
import type { LineTax } from '../tax/tax-types.js';
import type { AssembledInvoice, AssembledLine, InvoiceLineInput } from './invoice-types.js';

const LARGEST_AMOUNT = BigInt(Number.MAX_SAFE_INTEGER);

/** An amount of an invoice is beyond what a JSON integer holds. */
export class InvoiceAmountError extends RangeError {
  /** @param line the index of the line that is too large, or null when only the sum of the lines is. */
  constructor(readonly line: number | null) {
    super(
      line === null
        ? 'The invoice comes to more than can be billed at once.'
        : `Line ${line + 1} comes to more than can be billed at once.`,
    );
    this.name = 'InvoiceAmountError';
  }
}

/**
 * Works out all the money of an invoice: discounts off the lines, tax on what is left, totals. Lines come rounded;
 * what comes back adds up in every direction, in whole minor units of the invoice's one currency.
 *
 * @param taxOf What is taken of a line. Fastest when lines of one kind get the same array of components.
 * @throws InvoiceAmountError
 */
export function assembleInvoice<Line extends InvoiceLineInput>({
  lines,
  discounts,
  taxOf,
}: {
  lines: readonly Line[];
  discounts: readonly Discount[];
  taxOf: (line: Line) => LineTax;
}): AssembledInvoice {
  const discounted = applyDiscounts(lines, discounts);
  const { lines: taxed, rows } = computeTaxes(
    lines.map((line, index) => ({
      amount: line.amount - (discounted.lines[index] ?? 0n),
      behavior: line.taxBehavior,
      tax: taxOf(line),
    })),
  );
  const assembled: AssembledLine[] = [];
  const totals = { subtotal: 0n, netTotal: 0n, taxTotal: 0n };
  for (const [index, line] of taxed.entries()) {
    const amount = lines[index]?.amount ?? 0n;
    if (!isBillable(amount) || !isBillable(line.gross) || !isBillable(line.net)) {
      throw new InvoiceAmountError(index);
    }
    totals.subtotal += amount;
    totals.netTotal += line.net;
    totals.taxTotal += line.tax;
    assembled.push({ discount: discounted.lines[index] ?? 0n, ...line });
  }
  const total = totals.netTotal + totals.taxTotal;
  const sums = [
    totals.subtotal,
    totals.netTotal,
    totals.taxTotal,
    total,
    ...rows.flatMap(({ base, amount }) => [base, amount]),
  ];
  if (!sums.every(isBillable)) throw new InvoiceAmountError(null);
  return {
    lines: assembled,
    discounts: discounted.uses,
    taxes: rows,
    ...totals,
    discountTotal: discounted.total,
    total,
  };
}

function isBillable(amount: bigint): boolean {
  return amount <= LARGEST_AMOUNT && amount >= -LARGEST_AMOUNT;
}
