import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';

/**
 * Takes the default server's pooler over from the settings, as its address is: one that was taken out of them is not gone
 * through any more. Other servers' poolers are their rows' own.
 */
export async function recordDefaultPooler(
  central: pg.ClientBase,
  { tenantPooler }: Pick<Config, 'tenantPooler'>,
): Promise<void> {
  await central.query(
    `UPDATE database_servers SET pooler_host = $1, pooler_port = $2, updated_at = now()
      WHERE name = 'default' AND (pooler_host, pooler_port) IS DISTINCT FROM ($1::text, $2::int)`,
    [tenantPooler?.host ?? null, tenantPooler?.port ?? null],
  );
}
