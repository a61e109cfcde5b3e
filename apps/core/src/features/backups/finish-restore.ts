import pg from 'pg';

import { systemClock } from '../../platform/clock/clock.js';
import { dropCopy, findCopies, stampCopy, swapCopies } from '../../tenancy/backups/database-copies.js';
import { announce } from '../../tenancy/central/changes.js';
import { closeDatabase } from '../../tenancy/maintenance/close-database.js';
import { checkAsTenant, createRole, openToRole } from '../../tenancy/provisioning/make-database.js';
import { rolesOfDatabase } from '../../tenancy/provisioning/tenant-roles.js';
import { recordAudit } from '../audit/record-audit.js';
import type { RestoreRun } from './restore-run.js';

/** The statuses whose databases stay closed to the tenant. */
const CLOSED_STATUSES = ['archived'];
/** Whose mark it is, in place of a process. */
const RESTORED = 'restored';

/** Makes the tenant's role when it is gone with its database: with the password that central has of it. */
export async function ensureRole({ database, names, password }: RestoreRun, admin: pg.Client): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [database.roleName]);
  if (rowCount === 0) await createRole(admin, database, names, password);
}

/**
 * Puts the restored database in the tenant's place. It has the tenant's rights and limits before: whoever ends the
 * maintenance of a call that was cut off here opens one that is whole.
 */
export async function switchToCopy(run: RestoreRun, admin: pg.Client): Promise<void> {
  const { copies, database, names } = run;
  await run.tell('switch');
  await openToRole(admin, { databaseName: copies.fresh, roleName: database.roleName }, names);
  await swapCopies(admin, copies);
}

/**
 * Opens the database that is in the tenant's place, lets every process hear of it, and clears up. Every step may be done
 * again: a call that was cut off after the switch is finished by doing them all.
 * @returns the version of the schema
 */
export async function openRestored(run: RestoreRun, admin: pg.Client): Promise<string> {
  const { database, copies, server, names, password, tenant, request, tell } = run;
  await tell('open');
  await shutOut(run, admin);
  await openToRole(admin, database, names);
  const version = await checkAsTenant(server, database, password);
  if (CLOSED_STATUSES.includes(tenant.status)) await closeDatabase(admin, database);
  await recordRestored(run, version);
  if (request.old === 'drop') {
    await tell('drop the old database');
    await dropCopy(admin, copies.old);
  }
  await stampCopy(admin, copies.main, null);
  return version;
}

async function shutOut({ database, copies }: RestoreRun, admin: pg.Client): Promise<void> {
  const { old } = await findCopies(admin, copies);
  if (!old) return;
  for (const role of await rolesOfDatabase(admin, database)) {
    await admin.query(
      `REVOKE ALL ON DATABASE ${pg.escapeIdentifier(copies.old)} FROM ${pg.escapeIdentifier(role)}`,
    );
  }
}

async function recordRestored(
  { deps, caller, database, backup }: RestoreRun,
  version: string,
): Promise<void> {
  const { mode, id: databaseId, tenantId } = database;
  const { sha256, takenAt } = backup.manifest;
  await deps.central.db.$transaction(async (tx) => {
    await tx.tenantDatabase.update({
      where: { id: databaseId, status: 'active' },
      data: { schemaVersion: version, configVersion: { increment: 1 }, updatedAt: systemClock.now() },
    });
    // The sweeper looks after it: what is due, and what was about to be sent, is as it was then.
    await tx.$executeRaw`
      INSERT INTO dirty_marks (tenant_database_id, process_id, lease_until) VALUES (${databaseId}, ${RESTORED}, now())
      ON CONFLICT (tenant_database_id, process_id) DO UPDATE SET lease_until = excluded.lease_until`;
    await recordAudit(tx, caller, {
      action: 'tenant.restored',
      target: { type: 'tenant', id: tenantId },
      after: { mode, databaseId, file: backup.path, sha256, takenAt },
    });
    await announce(tx, { kind: 'tenant', tenantId });
  });
}
