import type pg from 'pg';

import type { KeyRing } from '../keys/key-ring.js';
import { withClient } from './admin-client.js';
import { tenantUrl } from './tenant-url.js';

/** Whether tenants get in through a server's pooler. */
export interface PoolerCheck {
  readonly server: string;
  /** `host:port` of the pooler. */
  readonly address: string;
  /** The database that was tried; null when the server has none yet. */
  readonly database: string | null;
  /** Why its role did not get in; null when it did. */
  readonly problem: string | null;
}

interface PooledDatabase {
  server: string;
  host: string;
  port: number;
  parameters: string;
  tenantId: string | null;
  databaseName: string | null;
  roleName: string;
  passwordSealed: string;
}

/** The newest tenant database of each server with a pooler that is open to its tenant: what the template lacks by now, it lacks as well. */
const NEWEST_DATABASES = `
  SELECT DISTINCT ON (s.name) s.name AS server, s.pooler_host AS host, s.pooler_port AS port, s.parameters,
         d.tenant_id AS "tenantId", d.database_name AS "databaseName", d.role_name AS "roleName",
         d.password_sealed AS "passwordSealed"
    FROM database_servers s
    LEFT JOIN (tenant_databases d
           JOIN tenants t ON t.id = d.tenant_id AND t.status = 'active' AND t.maintenance_reason IS NULL)
      ON d.server_id = s.id AND d.status = 'active'
   WHERE s.pooler_host IS NOT NULL AND s.pooler_port IS NOT NULL AND s.state <> 'closed'
   ORDER BY s.name, d.created_at DESC`;

/** Logs a tenant's role in through every pooler there is, as requests do. Changes nothing. */
export async function checkPoolers(
  central: pg.ClientBase,
  openKeys: () => Promise<KeyRing>,
): Promise<PoolerCheck[]> {
  const { rows } = await central.query<PooledDatabase>(NEWEST_DATABASES);
  const checks: PoolerCheck[] = [];
  for (const row of rows) {
    const { server, host, port, databaseName: database } = row;
    const problem = await problemWith(row, openKeys);
    checks.push({ server, address: `${host}:${port}`, database, problem });
  }
  return checks;
}

async function problemWith(
  { tenantId, databaseName, ...address }: PooledDatabase,
  openKeys: () => Promise<KeyRing>,
): Promise<string | null> {
  if (databaseName === null || tenantId === null) return null;
  try {
    const password = await (await openKeys()).open(address.passwordSealed, tenantId);
    const connectionString = tenantUrl({ ...address, databaseName }, password);
    await withClient({ connectionString, application_name: 'nova-doctor', query_timeout: 5_000 }, (client) =>
      client.query('SELECT 1'),
    );
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
