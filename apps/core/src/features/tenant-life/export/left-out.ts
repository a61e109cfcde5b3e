/** What an export leaves out, and why. It is listed in every manifest. */
export interface LeftOut {
  readonly table: string;
  /** Null for the whole table. */
  readonly columns: readonly string[] | null;
  readonly why: string;
}

/**
 * An export is a plain folder that may be handed to the tenant and lie about. So what lets somebody take money is not in
 * it, not even sealed: a payment provider hands tokens over to another provider itself, from vault to vault.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  { table: 'payment_methods', columns: ['token'], why: 'A token lets whoever has it charge the customer.' },
  { table: 'sandbox_charges', columns: ['token'], why: 'A token lets whoever has it charge the customer.' },
  {
    table: 'idempotency_records',
    columns: null,
    why: 'Answers of the last day, kept for requests that are repeated.',
  },
  { table: '_prisma_migrations', columns: null, why: 'How the database was made; see schemaVersion.' },
];

/** The columns of a table that are exported; null when the table is left out. */
export function exportedColumns(table: string, columns: readonly string[]): string[] | null {
  const rule = LEFT_OUT.find((item) => item.table === table);
  if (rule && rule.columns === null) return null;
  return columns.filter((column) => !rule?.columns?.includes(column));
}
