import { setTimeout as sleep } from 'node:timers/promises';

import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import { isTenantSchemaBehind, oldestServedVersion } from '../migrator/schema-versions.js';
import { type DatabaseServer, withClient } from '../servers/admin-client.js';
import type { ClusterNames } from '../servers/cluster-names.js';
import { scramVerifier } from '../servers/scram-verifier.js';
import { tenantUrl } from '../servers/tenant-url.js';
import { withTemplateLock } from '../servers/tenant-template.js';

/** The server's own stop for what the connection budget of the processes is to keep. */
const ROLE_CONNECTIONS_MAX = 20;
/** Room beside them for the migrator, which enters as the administrator. */
const DATABASE_CONNECTIONS_MAX = ROLE_CONNECTIONS_MAX + 5;
const CLONE_ATTEMPTS = 8;

/** What a tenant's role is held to in its database, unless a transaction asks for less. */
const ROLE_SETTINGS = {
  statement_timeout: '30s',
  idle_in_transaction_session_timeout: '60s',
  lock_timeout: '10s',
} as const;

/** Makes the role that enters this database and no other. What it may do there comes from the group. */
export async function createRole(
  admin: pg.Client,
  database: Pick<TenantDatabase, 'roleName'>,
  names: ClusterNames,
  password: string,
): Promise<void> {
  await admin.query(
    `CREATE ROLE ${pg.escapeIdentifier(database.roleName)} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}
       CONNECTION LIMIT ${ROLE_CONNECTIONS_MAX} IN ROLE ${pg.escapeIdentifier(names.group)}`,
  );
}

/**
 * Clones the template. Nobody can enter the clone yet: until its rights are set, every role could.
 * A template is cloned by one at a time, and a session that is just leaving it is waited for.
 */
export async function cloneTemplate(
  admin: pg.Client,
  database: Pick<TenantDatabase, 'databaseName'>,
  names: ClusterNames,
): Promise<void> {
  const clone = `CREATE DATABASE ${pg.escapeIdentifier(database.databaseName)}
    TEMPLATE ${pg.escapeIdentifier(names.template)} CONNECTION LIMIT ${DATABASE_CONNECTIONS_MAX} ALLOW_CONNECTIONS false`;
  await withTemplateLock(admin, names, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        await admin.query(clone);
        return;
      } catch (error) {
        if (sqlStateOf(error) !== SQL_STATE.objectInUse || attempt >= CLONE_ATTEMPTS) throw error;
        await sleep(50 * attempt);
      }
    }
  });
}

/** Opens the database to its role, and to the pooler's where this server has one. All of it is one transaction: a template's rights are not cloned with it. */
export async function openToRole(
  admin: pg.Client,
  row: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
  names: Pick<ClusterNames, 'pooler'>,
): Promise<void> {
  const database = pg.escapeIdentifier(row.databaseName);
  await admin.query(
    [
      `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
      ...((await hasRole(admin, names.pooler))
        ? [`GRANT CONNECT ON DATABASE ${database} TO ${names.pooler}`]
        : []),
      ...rightsOf(row),
      `ALTER DATABASE ${database} ALLOW_CONNECTIONS true`,
    ].join(';\n'),
  );
}

/** Gives one more role the limits of a database's own, and lets it in as well where that one may enter. */
export async function giveRoleAccess(
  admin: pg.Client,
  row: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
  door: 'open' | 'closed',
): Promise<void> {
  await admin.query((door === 'open' ? rightsOf(row) : limitsOf(row)).join(';\n'));
}

function rightsOf(row: Pick<TenantDatabase, 'databaseName' | 'roleName'>): string[] {
  const database = pg.escapeIdentifier(row.databaseName);
  const role = pg.escapeIdentifier(row.roleName);
  return [`GRANT CONNECT ON DATABASE ${database} TO ${role}`, ...limitsOf(row)];
}

function limitsOf(row: Pick<TenantDatabase, 'databaseName' | 'roleName'>): string[] {
  const database = pg.escapeIdentifier(row.databaseName);
  const role = pg.escapeIdentifier(row.roleName);
  return Object.entries(ROLE_SETTINGS).map(
    ([name, value]) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = '${value}'`,
  );
}

async function hasRole(admin: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  return rowCount === 1;
}

/**
 * Enters the database as its tenant will, and answers the version of its schema.
 * @throws Error when it lacks more than this build can do without, because the template does
 */
export async function checkAsTenant(
  server: Pick<DatabaseServer, 'host' | 'port' | 'pooler' | 'parameters'>,
  row: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
  password: string,
): Promise<string> {
  const login = (address: { host: string; port: number }) => ({
    connectionString: tenantUrl({ ...server, ...row, host: address.host, port: address.port }, password),
    application_name: 'nova-provisioning',
  });
  if (server.pooler) await checkPooler(login(server.pooler));
  const version = await withClient(login(server), async (client) => {
    const { rows } = await client.query<{ version: string | null }>(
      `SELECT max(migration_name COLLATE "C") AS version FROM _prisma_migrations
        WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    return rows[0]?.version ?? null;
  });
  if (version === null || isTenantSchemaBehind(version)) {
    throw new Error(
      `The template is at ${version ?? 'no version'} and this build serves ${oldestServedVersion()} and newer: migrate it first.`,
    );
  }
  return version;
}

/** A template without the look-up of passwords would make databases that nobody can enter through the pooler. */
async function checkPooler(login: pg.ClientConfig): Promise<void> {
  try {
    await withClient(login, (client) => client.query('SELECT 1'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The pooler does not let a new tenant in (${why}). Was infra/pgbouncer/install-auth.sql run in the template?`,
      { cause },
    );
  }
}
