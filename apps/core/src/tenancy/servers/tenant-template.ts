import { createHash } from 'node:crypto';

import pg from 'pg';

import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import type { Migration } from '../migrator/load-migrations.js';
import { migrateDatabase, type MigrateOptions, type MigrationOutcome } from '../migrator/migrate-database.js';
import { type DatabaseServer, withAdminClient } from './admin-client.js';
import type { ClusterNames } from './cluster-names.js';
import { closeToAll } from './harden-server.js';

/** Cloning takes milliseconds and migrating the template seconds at most. */
const LOCK_WAIT_MS = 180_000;

/** Runs `work` while nobody else clones or migrates this template: a database can be cloned by one at a time. */
export function withTemplateLock<T>(
  admin: pg.Client,
  names: ClusterNames,
  work: () => Promise<T>,
): Promise<T> {
  return withAdvisoryLock(admin, { name: `nova:template:${names.template}`, waitMs: LOCK_WAIT_MS }, work);
}

/**
 * Makes or migrates the database that tenant databases are cloned from, and the group role that holds their grants.
 * Nobody can connect to the template but while it is migrated, for a database that is in use cannot be cloned. A comment
 * on it says which migrations it has, so that one that is up to date is left alone.
 */
export async function prepareTemplate(
  server: DatabaseServer,
  names: ClusterNames,
  migrations: readonly Migration[],
  options: Pick<MigrateOptions, 'beforeApplying'> = {},
): Promise<MigrationOutcome> {
  return withAdminClient(server, (admin) =>
    withTemplateLock(admin, names, async () => {
      const stamp = stampOf(migrations);
      const found = await findTemplate(admin, names.template);
      if (found?.closed === true && found.stamp === stamp) return upToDate(migrations);
      await ensureGroup(admin, names.group);
      if (!found) await createTemplate(admin, names.template);
      return migrateTemplate({ server, admin, names, migrations, stamp, options });
    }),
  );
}

function upToDate(migrations: readonly Migration[]): MigrationOutcome {
  const newest = migrations.at(-1)?.name ?? null;
  return { applied: [], from: newest, to: newest };
}

/** The newest migration that the template says it has; null when it has none, or there is no template. */
export async function templateVersion(admin: pg.Client, names: ClusterNames): Promise<string | null> {
  const stamp = (await findTemplate(admin, names.template))?.stamp;
  return /^nova (\d{14}_\w+) /.exec(stamp ?? '')?.[1] ?? null;
}

async function findTemplate(
  admin: pg.Client,
  template: string,
): Promise<{ closed: boolean; stamp: string | null } | undefined> {
  const { rows } = await admin.query<{ closed: boolean; stamp: string | null }>(
    `SELECT datistemplate AND NOT datallowconn AS closed, shobj_description(oid, 'pg_database') AS stamp
       FROM pg_database WHERE datname = $1`,
    [template],
  );
  return rows[0];
}

async function ensureGroup(admin: pg.Client, group: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [group]);
  if (rowCount === 0) await admin.query(`CREATE ROLE ${pg.escapeIdentifier(group)} NOLOGIN`);
}

/** Closed from its first moment on: any role could enter it before its rights are taken back otherwise. */
async function createTemplate(admin: pg.Client, template: string): Promise<void> {
  await admin.query(
    `CREATE DATABASE ${pg.escapeIdentifier(template)} TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false`,
  );
}

interface TemplateMigration {
  readonly server: DatabaseServer;
  readonly admin: pg.Client;
  readonly names: ClusterNames;
  readonly migrations: readonly Migration[];
  readonly stamp: string;
  readonly options: Pick<MigrateOptions, 'beforeApplying'>;
}

async function migrateTemplate({
  server,
  admin,
  names,
  migrations,
  stamp,
  options,
}: TemplateMigration): Promise<MigrationOutcome> {
  const template = pg.escapeIdentifier(names.template);
  await closeToAll(admin, names.template);
  await admin.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS true`);
  try {
    const outcome = await withAdminClient(
      server,
      async (client) => {
        await grantToGroup(client, names.group);
        const migrated = await migrateDatabase(client, migrations, options);
        await protectHistory(client, names.group);
        return migrated;
      },
      names.template,
    );
    // A template that a newer build has migrated keeps that build's stamp.
    if (outcome.to === (migrations.at(-1)?.name ?? null)) {
      await admin.query(`COMMENT ON DATABASE ${template} IS ${pg.escapeLiteral(stamp)}`);
    }
    return outcome;
  } finally {
    await admin.query(`ALTER DATABASE ${template} IS_TEMPLATE true`);
    await admin.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  }
}

/** Tenants' roles read and write every table there is and will be, and own none. Clones inherit this. */
export async function grantToGroup(client: pg.Client, group: string): Promise<void> {
  const role = pg.escapeIdentifier(group);
  await client.query(`
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${role}`);
}

/** The history of migrations is read by tenants’ roles, to tell the version, and written by the migrator only. */
export async function protectHistory(client: pg.Client, group: string): Promise<void> {
  const role = pg.escapeIdentifier(group);
  await client.query(
    `REVOKE ALL ON _prisma_migrations FROM ${role}; GRANT SELECT ON _prisma_migrations TO ${role}`,
  );
}

function stampOf(migrations: readonly Migration[]): string {
  const checksums = migrations.map((migration) => migration.checksum).join('\n');
  return `nova ${migrations.at(-1)?.name ?? 'empty'} ${createHash('sha256').update(checksums).digest('hex').slice(0, 16)}`;
}
