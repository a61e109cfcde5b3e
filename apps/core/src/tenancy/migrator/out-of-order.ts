import type pg from 'pg';

import type { Migration } from './load-migrations.js';
import type { MigrationPlan } from './plan-migrations.js';

/**
 * A migration that was merged late sorts before some that databases have already, so that their version would not show
 * that they lack it. When a server's template is about to get such a one, central takes its databases back to the version
 * before it: what a version means is that nothing up to it is lacking. Before and not after, for a template that has it
 * tells nobody any more.
 */
export async function noteOutOfOrder(
  central: pg.Pool | pg.ClientBase,
  serverId: string,
  migrations: readonly Migration[],
  { pending, newest }: MigrationPlan,
): Promise<void> {
  const late = pending.find(({ name }) => newest !== null && name < newest)?.name;
  if (late === undefined) return;
  const before = migrations.filter(({ name }) => name < late).at(-1)?.name ?? null;
  await central.query(
    `WITH changed AS (
       UPDATE tenant_databases SET schema_version = $2, updated_at = now()
        WHERE server_id = $1 AND status = 'active' AND schema_version > coalesce($2, '') RETURNING tenant_id)
     SELECT pg_notify('nova_changes', json_build_object('kind', 'tenant', 'tenantId', tenant_id)::text)
       FROM (SELECT DISTINCT tenant_id FROM changed) AS tenants`,
    [serverId, before],
  );
}
