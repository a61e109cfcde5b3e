/** What payers write as whatever is paid: in any case, with blanks anywhere. */
export function normalBill(text: string): string {
  return text.replaceAll(/\s+/gu, '').toUpperCase();
}

/** An invoice, with everything that a payer may have read on it as its name. */
export interface NamedBill {
  readonly id: string;
  /** Its number, our id, the tenant's own id, and references of attempts at it. */
  readonly names: readonly (string | null)[];
}

/**
 * The one bill that a payer has named. Null when none is named so, and also when two are: money is never given to a
 * guess.
 */
export function billOf(text: string, bills: readonly NamedBill[]): NamedBill | null {
  const wanted = normalBill(text);
  if (wanted === '') return null;
  const named = bills.filter(({ names }) =>
    names.some((name) => name !== null && normalBill(name) === wanted),
  );
  const [bill] = named;
  return bill && named.every(({ id }) => id === bill.id) ? bill : null;
}
