import type { TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Has PostgreSQL plan by indexes for the rest of the transaction. A batch writes hundreds of rows, each of which foreign
 * keys and triggers look up by keys. Their plans are made once a connection, and when a tenant's tables are small they
 * are scans of whole tables, which the same connection then repeats for every row of tables that have grown.
 */
export async function preferIndexes(tx: TenantTransaction): Promise<void> {
  await tx.db.$queryRaw`SELECT set_config('enable_seqscan', 'off', true)`;
}
