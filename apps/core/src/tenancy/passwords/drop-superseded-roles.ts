import type { TenantDatabase } from '@nova/prisma-central';

import { systemClock } from '../../platform/clock/clock.js';
import { tryWithAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { ACTIVE_STEP, ROLES_LEFT } from '../provisioning/tenant-database-rows.js';
import { dropStrayRoles } from '../provisioning/tenant-roles.js';
import { withAdminClient } from '../servers/admin-client.js';
import { readServer } from '../servers/database-servers.js';
import type { PasswordDeps } from './switch-password.js';

/**
 * How long a role is kept that was replaced, although nobody may be logged in as it: a process works with what it has
 * read for at most some seconds, but a request or job under way may have let its connections go and want new ones.
 */
const GRACE_SECONDS = 120;

/** What was found of databases that may have roles beside their own. */
export interface SupersededRoles {
  /** Databases that have their own role only. */
  readonly cleared: readonly string[];
  /** Databases whose former role somebody is logged in as, or that could not be looked at. */
  readonly waiting: readonly { readonly databaseId: string; readonly reason: string }[];
}

/** Drops the roles that rotations of passwords have left behind. Called by the workers each minute. */
export async function dropSupersededRoles(
  deps: PasswordDeps,
  graceSeconds: number = GRACE_SECONDS,
): Promise<SupersededRoles> {
  const replacedBefore = new Date(systemClock.now().getTime() - graceSeconds * 1_000);
  const rows = await deps.central.db.tenantDatabase.findMany({
    where: { status: 'active', step: ROLES_LEFT, updatedAt: { lt: replacedBefore } },
    orderBy: { updatedAt: 'asc' },
  });
  const cleared: string[] = [];
  const waiting: { databaseId: string; reason: string }[] = [];
  for (const row of rows) {
    const reason = await clear(deps, row).catch((error: unknown) => String(error));
    if (reason === null) cleared.push(row.id);
    else waiting.push({ databaseId: row.id, reason });
  }
  return { cleared, waiting };
}

/** How many databases have, or may have, a role beside their own. */
export function countSupersededRoles({ central }: Pick<PasswordDeps, 'central'>): Promise<number> {
  return central.db.tenantDatabase.count({ where: { status: 'active', step: ROLES_LEFT } });
}

/** Null when the database has its own role only, else why not. */
async function clear(deps: PasswordDeps, row: TenantDatabase): Promise<string | null> {
  const server = await readServer(deps.central.pool, deps.keys, row.serverId);
  const cleared = await withAdminClient(server, (admin) =>
    tryWithAdvisoryLock(admin, `nova:${row.id}`, async () => {
      // Read again under the lock: the password may have been rotated once more since.
      const now = await deps.central.db.tenantDatabase.findUniqueOrThrow({ where: { id: row.id } });
      if (now.configVersion !== row.configVersion || now.serverId !== row.serverId) return 'It has changed.';
      const inUse = await dropStrayRoles(admin, server, now);
      if (inUse.length > 0) return `Somebody is logged in as ${inUse.join(', ')}.`;
      await deps.central.db.tenantDatabase.updateMany({
        where: { id: row.id, step: ROLES_LEFT, configVersion: now.configVersion },
        data: { step: ACTIVE_STEP },
      });
      return null;
    }),
  );
  return cleared ? cleared.result : 'Another process is at it.';
}
