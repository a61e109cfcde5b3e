/** A column of central whose texts are sealed with a data key. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The columns of the primary key, all of them text. */
  readonly key: readonly string[];
  /** What the text is bound to, as SQL over the row: the same that is given to `KeyRing.seal`. */
  readonly aad: string;
}

/**
 * Every sealed column there is: `nova keys rotate` seals anew what stands here, and destroys the key of all else. An
 * architecture test compares it with the schema.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'database_servers', column: 'admin_url_sealed', key: ['id'], aad: 'id' },
  { table: 'tenant_databases', column: 'password_sealed', key: ['id'], aad: 'tenant_id' },
  {
    table: 'idempotency_records',
    column: 'sealed_body',
    key: ['scope', 'key'],
    aad: "'idempotency ' || scope || ' ' || key",
  },
  { table: 'webhook_secrets', column: 'secret_sealed', key: ['id'], aad: "'webhook ' || id" },
  ...['credentials_sealed', 'previous_key_sealed', 'access_token_sealed'].map((column) => ({
    table: 'payment_accounts',
    column,
    key: ['id'],
    aad: "'payment_account ' || id",
  })),
];
