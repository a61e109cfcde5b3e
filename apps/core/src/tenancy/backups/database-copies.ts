import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { sqlStateOf, SQL_STATE } from '../../platform/postgres/sql-state.js';
import { cloneTemplate } from '../provisioning/make-database.js';
import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';
import type { ClusterNames } from '../servers/cluster-names.js';
import { grantToGroup } from '../servers/tenant-template.js';

const SWAP_LIMIT_MS = 60_000;
const SWAP_POLL_MS = 200;

/** The names of a tenant's database, of one that is to take its place, and of one whose place was taken. */
export interface CopyNames {
  readonly main: string;
  readonly fresh: string;
  readonly old: string;
}

/** Which of them are on the server, and what the main one says of where it comes from. */
export interface CopiesPresent {
  readonly main: boolean;
  readonly fresh: boolean;
  readonly old: boolean;
  readonly stamp: string | null;
}

export function copyNames(
  names: ClusterNames,
  { id, databaseName }: { id: string; databaseName: string },
): CopyNames {
  return { main: databaseName, fresh: names.tenantCopy(id, 'new'), old: names.tenantCopy(id, 'old') };
}

export async function findCopies(
  admin: pg.ClientBase,
  { main, fresh, old }: CopyNames,
): Promise<CopiesPresent> {
  const { rows } = await admin.query<{ name: string; stamp: string | null }>(
    "SELECT datname AS name, shobj_description(oid, 'pg_database') AS stamp FROM pg_database WHERE datname = ANY($1)",
    [[main, fresh, old]],
  );
  const stamps = new Map(rows.map(({ name, stamp }) => [name, stamp]));
  return {
    main: stamps.has(main),
    fresh: stamps.has(fresh),
    old: stamps.has(old),
    stamp: stamps.get(main) ?? null,
  };
}

/**
 * Makes a database with no tables, in which those that come have a tenant's rights. It is a clone of the template, for
 * what a superuser has put there is carried over by cloning only. Nobody but the administrator may enter it.
 */
export async function makeEmptyCopy(
  admin: pg.Client,
  server: Pick<DatabaseServer, 'adminUrl'>,
  copy: string,
  names: ClusterNames,
): Promise<void> {
  await dropCopy(admin, copy);
  await cloneTemplate(admin, { databaseName: copy }, names);
  const name = pg.escapeIdentifier(copy);
  await admin.query(
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
  );
  await withAdminClient(
    server,
    async (client) => {
      await client.query(
        'SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public',
      );
      await grantToGroup(client, names.group);
    },
    copy,
  );
}

/** Drops a copy, when there is one, whoever is in it. */
export async function dropCopy(admin: pg.Client, copy: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [copy]);
  if (rowCount === 0) return;
  const name = pg.escapeIdentifier(copy);
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
}

/** Notes on a database where it comes from, for whoever finds it after a crash; null takes the note away. */
export async function stampCopy(admin: pg.ClientBase, database: string, stamp: string | null): Promise<void> {
  const text = stamp === null ? 'NULL' : pg.escapeLiteral(stamp);
  await admin.query(`COMMENT ON DATABASE ${pg.escapeIdentifier(database)} IS ${text}`);
}

/**
 * Puts the fresh database in the main one's place, which becomes the old one: in one transaction, so that there is one
 * of the main one's name at every moment. Nobody can enter either afterwards.
 * @throws Error when somebody does not leave
 */
export async function swapCopies(admin: pg.Client, { main, fresh, old }: CopyNames): Promise<void> {
  const { main: isThere } = await findCopies(admin, { main, fresh, old });
  await renameAll(admin, [...(isThere ? [{ from: main, to: old }] : []), { from: fresh, to: main }]);
}

/** Puts the old database back in its place, in which there is none. */
export async function putBack(admin: pg.Client, { main, old }: CopyNames): Promise<void> {
  await renameAll(admin, [{ from: old, to: main }]);
}

async function renameAll(admin: pg.Client, renames: readonly { from: string; to: string }[]): Promise<void> {
  for (const { from } of renames) {
    await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(from)} ALLOW_CONNECTIONS false`);
  }
  const deadline = performance.now() + SWAP_LIMIT_MS;
  for (;;) {
    try {
      await endSessions(
        admin,
        renames.map(({ from }) => from),
      );
      const statements = renames.map(
        ({ from, to }) => `ALTER DATABASE ${pg.escapeIdentifier(from)} RENAME TO ${pg.escapeIdentifier(to)}`,
      );
      // Statements that are sent as one are one transaction.
      await admin.query(statements.join(';'));
      return;
    } catch (error) {
      if (sqlStateOf(error) !== SQL_STATE.objectInUse || performance.now() > deadline) throw error;
      await sleep(SWAP_POLL_MS);
    }
  }
}

/** Sessions of roles that this administrator is no member of, such as a superuser's, are waited for. */
async function endSessions(admin: pg.ClientBase, databases: readonly string[]): Promise<void> {
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity a
      WHERE datname = ANY($1) AND pid <> pg_backend_pid() AND (
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR pg_has_role(a.usesysid, 'USAGE'))`,
    [databases],
  );
}
