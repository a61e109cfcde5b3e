import { allocate } from '../money/allocate.js';
import type { TaxRow } from '../tax/tax-types.js';
import type { AlreadyCredited, CreditableLine, CreditShares } from './credit-note-types.js';
import { creditShares, creditSharesOfGross } from './credit-shares.js';

interface TouchedLine {
  readonly invoiceLine: CreditableLine;
  readonly alreadyCredited: AlreadyCredited;
}

/** What to credit of a line: an amount in its own terms before the discount, or a total with tax. */
export type CreditedLine = TouchedLine & ({ readonly amount: bigint } | { readonly gross: bigint });

/** The money of a credit note, positive where it is in the customer's favour. `total = netTotal + taxTotal`. */
export interface AssembledCreditNote {
  readonly lines: readonly CreditShares[];
  readonly taxes: readonly TaxRow[];
  readonly subtotal: bigint;
  readonly discountTotal: bigint;
  readonly netTotal: bigint;
  readonly taxTotal: bigint;
  readonly total: bigint;
}

/**
 * Works out the money of a credit note from what it credits of its invoice's lines.
 * @throws RangeError when more is credited of a line than is left of it
 */
export function assembleCreditNote(lines: readonly CreditedLine[]): AssembledCreditNote {
  const shares = lines.map((line) => ('gross' in line ? creditSharesOfGross(line) : creditShares(line)));
  const sum = (pick: (line: CreditShares) => bigint): bigint =>
    shares.reduce((all, line) => all + pick(line), 0n);
  return {
    lines: shares,
    taxes: taxRows(shares),
    subtotal: sum((line) => line.amount),
    discountTotal: sum((line) => line.discount),
    netTotal: sum((line) => line.net),
    taxTotal: sum((line) => line.tax),
    total: sum((line) => line.gross),
  };
}

/**
 * Spreads a total with tax over the lines of an invoice, in proportion to what is left to credit of each: for a note
 * over a sum rather than over lines. Negative lines are left alone.
 *
 * @throws RangeError when it is more than is left of the lines
 */
export function spreadCredit(lines: readonly TouchedLine[], total: bigint): CreditedLine[] {
  const rests = lines.map((line) => restGross(line));
  const rest = rests.reduce((sum, part) => sum + part, 0n);
  if (total < 0n || total > rest)
    throw new RangeError(`Of the lines, ${rest} is left to credit, not ${total}.`);
  const parts = allocate(total, rests);
  return lines.map((line, index) => ({ ...line, gross: parts[index] ?? 0n }));
}

function restGross({ invoiceLine, alreadyCredited }: TouchedLine): bigint {
  if (invoiceLine.amount <= 0n) return 0n;
  const price =
    invoiceLine.amount - invoiceLine.discount - (alreadyCredited.amount - alreadyCredited.discount);
  return invoiceLine.taxBehavior === 'inclusive' ? price : price + invoiceLine.tax - alreadyCredited.tax;
}

function taxRows(shares: readonly CreditShares[]): TaxRow[] {
  const rows = new Map<string, TaxRow>();
  for (const tax of shares.flatMap((line) => line.taxes)) {
    const key = JSON.stringify([tax.code, tax.name, tax.rate]);
    const before = rows.get(key);
    const sum = before && { base: before.base + tax.base, amount: before.amount + tax.amount };
    rows.set(key, { ...tax, reason: null, ...sum });
  }
  return [...rows.values()];
}
