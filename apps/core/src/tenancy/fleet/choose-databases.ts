import type pg from 'pg';

import type { SampledDatabase } from './sample-database.js';

/** How long a sight is good for. A database that is not written to changes little. */
const GOOD_FOR_SECONDS = 300;
const GOOD_FOR_QUIET_SECONDS = 86_400;

/**
 * The databases that are to be looked at next, at most `limit`: those that are written to or have work that is late, and
 * were not looked at for some minutes, then those that were not looked at for a day. What it costs follows the number of
 * tenants that work, and is bounded. Skipped are those that are closed on purpose.
 */
export async function chooseDatabases(central: pg.Pool, limit: number): Promise<SampledDatabase[]> {
  const { rows } = await central.query<SampledDatabase>(
    `WITH lively AS (
       SELECT tenant_database_id FROM dirty_marks
       UNION SELECT tenant_database_id FROM due_work WHERE due_at <= now()
       UNION SELECT tenant_database_id FROM database_samples WHERE NOT reachable OR outbox_rows > 0)
     SELECT d.id, d.server_id AS "serverId", d.database_name AS "databaseName"
       FROM tenant_databases d
       JOIN tenants t ON t.id = d.tenant_id
        AND t.status IN ('active', 'suspended') AND t.maintenance_reason IS NULL
       LEFT JOIN database_samples s ON s.tenant_database_id = d.id
       LEFT JOIN lively l ON l.tenant_database_id = d.id
      WHERE d.status = 'active'
        AND (s.sampled_at IS NULL OR s.sampled_at < now() - make_interval(secs =>
              CASE WHEN l.tenant_database_id IS NULL THEN $2::int ELSE $3::int END))
      ORDER BY l.tenant_database_id IS NULL, s.sampled_at NULLS FIRST, d.id
      LIMIT $1`,
    [limit, GOOD_FOR_QUIET_SECONDS, GOOD_FOR_SECONDS],
  );
  return rows;
}
