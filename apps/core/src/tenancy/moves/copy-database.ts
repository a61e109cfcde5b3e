import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

import { dropDatabaseAndRole } from '../provisioning/drop-database.js';
import { checkAsTenant, cloneTemplate, createRole, openToRole } from '../provisioning/make-database.js';
import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';
import type { ClusterNames } from '../servers/cluster-names.js';
import { tenantMoveRefused } from '../tenancy.errors.js';
import { copyTables } from './copy-tables.js';
import {
  type CopiedTable,
  differences,
  listTables,
  makeUsageMonths,
  readContents,
  readHistory,
  readUsageMonths,
  speakPlainly,
  type TableContents,
} from './table-contents.js';

/** A database, where it is, and where a copy of it is to be. */
export interface DatabaseCopy {
  readonly database: TenantDatabase;
  readonly from: DatabaseServer;
  readonly to: DatabaseServer;
  readonly names: ClusterNames;
  /** Of the tenant's role, which is made on the other server as well. */
  readonly password: string;
}

/**
 * Copies a tenant database that is closed to the tenant to another server, with its role, and compares every table. What
 * an earlier attempt has left there goes first. The copy can be entered by the tenant's role when this returns.
 * @throws tenant_move_refused when the copy is not the same, or cannot be made of that server's template
 */
export async function copyDatabase(copy: DatabaseCopy): Promise<TableContents[]> {
  const { database, from, to, names, password } = copy;
  await withAdminClient(to, async (admin) => {
    await refuseSameCluster(from, admin);
    await dropDatabaseAndRole(admin, database, { drainMs: 0 });
    await createRole(admin, database, names, password);
    await cloneTemplate(admin, database, names);
    await openToAdministrator(admin, database.databaseName);
  });
  const contents = await withAdminClient(
    from,
    (source) => withAdminClient(to, (target) => fill(source, target), database.databaseName),
    database.databaseName,
  );
  await withAdminClient(to, (admin) => openToRole(admin, database, names));
  await checkAsTenant(to, database, password);
  return contents;
}

/** What both databases hold, when the tenant's role could write to neither. */
export async function compareCopies(
  { database, from, to }: Pick<DatabaseCopy, 'database' | 'from' | 'to'>,
  besides: readonly string[],
): Promise<string[]> {
  const read = (server: DatabaseServer) =>
    withAdminClient(
      server,
      async (client) => {
        await speakPlainly(client);
        const tables = (await listTables(client)).filter(({ name }) => !besides.includes(name));
        return readContents(client, tables);
      },
      database.databaseName,
    );
  const [one, other] = await Promise.all([read(from), read(to)]);
  return differences(one, other);
}

async function fill(source: pg.Client, target: pg.Client): Promise<TableContents[]> {
  await speakPlainly(source);
  await speakPlainly(target);
  await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const tables = await sameTables(source, target);
  // The template has no months of usage. They are made before the rows come, so that each finds its table.
  await makeUsageMonths(target, await readUsageMonths(source));
  await copyTables(source, target, tables);
  const contents = await readContents(source, tables);
  const different = differences(contents, await readContents(target, tables));
  if (different.length > 0) throw tenantMoveRefused(`The copy is not the same: ${different.join('; ')}.`);
  await source.query('COMMIT');
  return contents;
}

/** A template of another version has other tables, or the same with other rules. */
async function sameTables(source: pg.Client, target: pg.Client): Promise<CopiedTable[]> {
  const [ours, theirs] = [await readHistory(source), await readHistory(target)];
  if (ours !== theirs) {
    throw tenantMoveRefused(
      'The database and the template of the other server do not have the same migrations: run `nova migrate --all` first.',
    );
  }
  const tables = await listTables(source);
  if (JSON.stringify(tables) !== JSON.stringify(await listTables(target))) {
    throw tenantMoveRefused(
      'The database has other tables or columns than the template of the other server.',
    );
  }
  return tables;
}

/** The same cluster under another address would have its database dropped to make room for the copy. */
async function refuseSameCluster(from: DatabaseServer, target: pg.Client): Promise<void> {
  const identify = async (client: pg.Client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    return rows[0]?.id;
  };
  if ((await withAdminClient(from, identify)) === (await identify(target))) {
    throw tenantMoveRefused('Both servers are the same: they have one system identifier.');
  }
}

/** The owner may enter to fill it; the tenant's role has no right to yet, and nobody else ever has. */
async function openToAdministrator(admin: pg.Client, databaseName: string): Promise<void> {
  const name = pg.escapeIdentifier(databaseName);
  await admin.query(
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
  );
}
