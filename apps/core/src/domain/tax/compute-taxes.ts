import { compileTax } from './compiled-tax.js';
import { taxExclusiveLines } from './tax-exclusive.js';
import { taxInclusiveLines } from './tax-inclusive.js';
import type { NoTaxReason, TaxRow } from './tax-types.js';
import type { PreparedLine, TaxableLine, TaxedLine } from './taxable-line.js';

export interface ComputedTaxes {
  readonly lines: readonly TaxedLine[];
  /** In the order in which they first appear. Each is the exact sum of its lines' shares. */
  readonly rows: readonly TaxRow[];
}

/**
 * Works out the taxes of an invoice. A tax is rounded once, on the sum of the lines that have it, halves away from
 * zero, and given back to the lines by largest remainder, so that what is printed of the lines adds up.
 *
 * Where nothing is taken an inclusive price stays what it is and all of it is net.
 */
export function computeTaxes(lines: readonly TaxableLine[]): ComputedTaxes {
  const exclusive: PreparedLine[] = [];
  const inclusive: PreparedLine[] = [];
  const taxed: TaxedLine[] = lines.map(({ amount, behavior, tax }, index) => {
    if (tax.reason === null) {
      const prepared = { index, amount, tax: compileTax(tax.components) };
      (behavior === 'inclusive' ? inclusive : exclusive).push(prepared);
    }
    return { net: amount, tax: 0n, gross: amount, taxes: [] };
  });
  taxExclusiveLines(exclusive, taxed);
  taxInclusiveLines(inclusive, taxed);
  return { lines: taxed, rows: rowsOf(lines, taxed) };
}

const NO_TAX: Readonly<Record<NoTaxReason, string>> = {
  exempt: 'Exempt',
  reverse_charge: 'Reverse charge',
  not_registered: 'No tax',
};

function rowsOf(lines: readonly TaxableLine[], taxed: readonly TaxedLine[]): TaxRow[] {
  const rows = new Map<string, TaxRow>();
  const add = (key: string, row: TaxRow): void => {
    const before = rows.get(key);
    rows.set(
      key,
      before ? { ...before, base: before.base + row.base, amount: before.amount + row.amount } : row,
    );
  };
  for (const [index, { net, taxes }] of taxed.entries()) {
    const { reason = null, components = [] } = lines[index]?.tax ?? {};
    if (reason === null) {
      const keys = compileTax(components).components;
      for (const [position, share] of taxes.entries()) {
        add(keys[position]?.key ?? share.code, { ...share, reason });
      }
    } else {
      add(reason, { code: reason, name: NO_TAX[reason], rate: '0', base: net, amount: 0n, reason });
    }
  }
  return [...rows.values()];
}
