import { setTimeout as sleep } from 'node:timers/promises';

import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

import { rolesOfDatabase } from '../provisioning/tenant-roles.js';

/** How long every process may take to hear that a tenant has been stopped, with a margin. */
const ANNOUNCED_WITHIN_MS = 2_200;
const POLL_MS = 100;
/** A statement of a tenant's role ends after 30 s by its own limit; what goes on for longer is not worth waiting for. */
const QUIET_LIMIT_MS = 35_000;
/** What is between two statements looks idle: quiet is believed when it was seen so many times in a row. */
const QUIET_LOOKS = 5;
const GONE_LIMIT_MS = 10_000;

type DatabaseNames = Pick<TenantDatabase, 'databaseName' | 'roleName'>;

/**
 * Waits until the tenant does nothing in the database any more. Call it once the tenant was suspended, archived or put
 * under maintenance: it first gives every process the time to hear of that, then waits for what they had begun.
 * @returns false when something was still going on after half a minute
 */
export async function awaitQuiet(
  admin: pg.Client,
  database: DatabaseNames & Pick<TenantDatabase, 'id'>,
  limits: { announcedMs?: number; quietMs?: number } = {},
): Promise<boolean> {
  const { announcedMs = ANNOUNCED_WITHIN_MS, quietMs = QUIET_LIMIT_MS } = limits;
  // What had begun before the password was rotated goes on as the former role.
  const roles = await rolesOfDatabase(admin, database);
  for (const role of roles) await mayWatch(admin, role);
  await sleep(announcedMs);
  let quietLooks = 0;
  return pollUntil(quietMs, async () => {
    quietLooks = (await sessionsOf(admin, database.databaseName, roles, 'busy')) === 0 ? quietLooks + 1 : 0;
    return quietLooks >= QUIET_LOOKS;
  });
}

/**
 * Shuts one role of the tenant's out of the database and ends its sessions, those of a pooler too. The administrator may still
 * enter, to copy, export or migrate it. Closing what is closed changes nothing; `openDatabase` undoes it.
 * @throws Error when a session does not end
 */
export async function closeDatabase(admin: pg.Client, database: DatabaseNames): Promise<void> {
  await mayWatch(admin, database.roleName);
  const [name, role] = [pg.escapeIdentifier(database.databaseName), pg.escapeIdentifier(database.roleName)];
  await admin.query(`REVOKE CONNECT ON DATABASE ${name} FROM ${role}`);
  const gone = await pollUntil(GONE_LIMIT_MS, async () => {
    // Again with every look: a session that was just beginning passed the check before it was taken away.
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2',
      [database.databaseName, database.roleName],
    );
    return (await sessionsOf(admin, database.databaseName, [database.roleName], 'any')) === 0;
  });
  if (!gone) throw new Error(`A session of ${database.roleName} does not end.`);
}

/** Lets the tenant's role in again, also where an operation that was cut off has left the database closed to all. */
export async function openDatabase(admin: pg.Client, database: DatabaseNames): Promise<void> {
  const [name, role] = [pg.escapeIdentifier(database.databaseName), pg.escapeIdentifier(database.roleName)];
  await admin.query(
    `GRANT CONNECT ON DATABASE ${name} TO ${role}; ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
  );
}

/** Only a member of a role may see what its sessions do and end them, unless it is a superuser. */
async function mayWatch(admin: pg.Client, roleName: string): Promise<void> {
  const { rows } = await admin.query<{ member: boolean }>(
    "SELECT pg_has_role(current_user, $1, 'MEMBER') AND pg_has_role(current_user, $1, 'USAGE') AS member",
    [roleName],
  );
  if (rows[0]?.member !== true) await admin.query(`GRANT ${pg.escapeIdentifier(roleName)} TO CURRENT_USER`);
}

async function sessionsOf(
  admin: pg.Client,
  databaseName: string,
  roles: readonly string[],
  which: 'busy' | 'any',
): Promise<number> {
  const { rows } = await admin.query<{ sessions: number }>(
    `SELECT count(*)::int AS sessions FROM pg_stat_activity
      WHERE datname = $1 AND usename = ANY($2) AND ($3 = 'any' OR state IS DISTINCT FROM 'idle')`,
    [databaseName, roles, which],
  );
  return rows[0]?.sessions ?? 0;
}

async function pollUntil(limitMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}
