export interface InvoiceTotals {
  readonly subtotal: bigint;
  readonly total: bigint;
}

/** Adds up an invoice. Lines come rounded, so the subtotal is their plain sum and what is printed adds up. */
export function totalsOf(lines: readonly { readonly amount: bigint }[]): InvoiceTotals {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0n);
  return { subtotal, total: subtotal };
}
