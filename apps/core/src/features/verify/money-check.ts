/** One thing that must hold of a tenant's books, as a query that finds where it does not. */
export interface MoneyCheck {
  /** Stable, for scripts: `invoice_lines`. */
  readonly code: string;
  /** What must hold, as a sentence. */
  readonly rule: string;
  /** Answers rows `id, expected, found` (all text), one for each thing that breaks the rule, ordered by id. */
  readonly sql: string;
}

/** A thing that breaks a rule. */
export interface Finding {
  readonly check: string;
  readonly id: string;
  readonly expected: string;
  readonly found: string;
}
