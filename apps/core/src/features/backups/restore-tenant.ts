import type { Tenant } from '@nova/prisma-central';
import type pg from 'pg';

import { notFound } from '../../platform/errors/common-errors.js';
import {
  copyNames,
  dropCopy,
  findCopies,
  putBack,
  stampCopy,
} from '../../tenancy/backups/database-copies.js';
import { enterMaintenance } from '../../tenancy/maintenance/enter-maintenance.js';
import { leaveMaintenance } from '../../tenancy/maintenance/leave-maintenance.js';
import { awaitQuiet, closeDatabase, openDatabase } from '../../tenancy/maintenance/close-database.js';
import { maintenanceOf, type Maintenance } from '../../tenancy/maintenance/maintenance-state.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { requiredTenantVersion } from '../../tenancy/migrator/schema-versions.js';
import { withAdminClient } from '../../tenancy/servers/admin-client.js';
import { clusterNames } from '../../tenancy/servers/cluster-names.js';
import { tenantBusy } from '../../tenancy/tenancy.errors.js';
import type { Caller } from '../audit/caller.js';
import { type LifeDeps, type Progress, SILENTLY } from '../tenant-life/life-deps.js';
import { maintenanceRecord } from '../tenant-life/maintain-tenant.js';
import { serverOf } from '../tenant-life/tenant-databases.js';
import type { Finding } from '../verify/money-check.js';
import { type BackupFile, readBackup } from './backup-file.js';
import { restoreRefused } from './backups.errors.js';
import { fillCopy } from './fill-copy.js';
import { ensureRole, openRestored, switchToCopy } from './finish-restore.js';
import { type Restoration, type RestoreRequest, type RestoreRun, stampOf } from './restore-run.js';

export const RESTORING = 'It is being restored from a backup.';
const RESTORABLE = ['active', 'suspended', 'archived'];

/**
 * Puts a backup in the place of a tenant's database, or of one that is gone. It is read into a database beside the
 * tenant's, and takes its name only when it is complete and its books are right; else the tenant goes on with what it
 * had. The row in central stays, with its role, its due work and its marks. The tenant is under maintenance meanwhile. A
 * call that was cut off anywhere is finished by the same call again.
 * @throws not_found, tenant_busy, restore_refused, postgres_programs_missing
 */
export async function restoreTenant(
  deps: LifeDeps,
  caller: Caller,
  request: RestoreRequest,
  tell: Progress = SILENTLY,
): Promise<Restoration> {
  const backup = await readBackup(request.file);
  refuseForeign(backup, caller.tenantId, request);
  return withTenantLock(deps.config, caller.tenantId, async () => {
    const run = await prepare(deps, caller, { request, tell, backup });
    const before = maintenanceOf(run.tenant);
    const wasCutOff = before?.reason === RESTORING;
    return withAdminClient(run.server, async (admin) => {
      if (!wasCutOff) await beginAnew(run, admin);
      await tell('stop');
      await enter(run, { reason: RESTORING, until: null });
      const resumed = wasCutOff && (await isSwitched(run, admin));
      const findings = resumed ? [] : await replace(run, admin, wasCutOff ? null : before);
      const schemaVersion = await openRestored(run, admin);
      await leave(run, wasCutOff ? null : before);
      return outcomeOf(run, { schemaVersion, findings, resumed });
    });
  });
}

function refuseForeign({ manifest }: BackupFile, tenantId: string, { mode }: RestoreRequest): void {
  if (manifest.tenant.id !== tenantId) {
    throw restoreRefused(
      `That is a backup of another tenant, ${manifest.tenant.slug} (${manifest.tenant.id}).`,
    );
  }
  if (mode !== null && manifest.mode !== mode) {
    throw restoreRefused(`That is a backup of the ${manifest.mode} database, not of the ${mode} one.`);
  }
  if (manifest.schemaVersion > requiredTenantVersion()) {
    throw restoreRefused(
      `The backup has the migration ${manifest.schemaVersion}, which this build does not know: use a newer one.`,
    );
  }
}

async function prepare(
  deps: LifeDeps,
  caller: Caller,
  rest: Pick<RestoreRun, 'request' | 'tell' | 'backup'>,
): Promise<RestoreRun> {
  const { central, keys, config } = deps;
  const { mode } = rest.backup.manifest;
  const tenant = await readRestorable(deps, caller.tenantId);
  const database = await central.db.tenantDatabase.findFirst({
    where: { tenantId: tenant.id, mode, status: 'active' },
  });
  if (!database) throw notFound(`The tenant has no ${mode} database to restore.`);
  const names = clusterNames(config.centralDatabaseUrl);
  return {
    ...rest,
    deps,
    caller,
    tenant,
    database,
    names,
    server: await serverOf(deps, database),
    copies: copyNames(names, database),
    password: await keys.open(database.passwordSealed, tenant.id),
  };
}

async function readRestorable({ central }: LifeDeps, tenantId: string): Promise<Tenant> {
  const tenant = await central.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (!RESTORABLE.includes(tenant.status)) throw restoreRefused(`The tenant is ${tenant.status}.`);
  const move = await central.db.databaseMove.findFirst({
    where: { tenantId, state: { in: ['copying', 'switched'] } },
  });
  if (move) throw tenantBusy(`The move ${move.id} is not confirmed yet. Confirm or revert it first.`);
  return tenant;
}

/** What an earlier restoration has left is either kept by somebody's wish, or says nothing of this one. */
async function beginAnew({ copies, tenant }: RestoreRun, admin: pg.Client): Promise<void> {
  const { old, stamp } = await findCopies(admin, copies);
  if (old) {
    throw restoreRefused(
      `The database of before the last restoration is kept as ${copies.old}: drop it with --drop-old ${tenant.slug}.`,
    );
  }
  if (stamp !== null) await stampCopy(admin, copies.main, null);
}

/** Whether a call that was cut off had put this backup in the tenant's place already. */
async function isSwitched({ copies, backup }: RestoreRun, admin: pg.Client): Promise<boolean> {
  const { main, stamp } = await findCopies(admin, copies);
  return main && stamp === stampOf(backup);
}

/** Reads the backup and switches to it. When that fails, the tenant goes on with the database that it had. */
async function replace(run: RestoreRun, admin: pg.Client, before: Maintenance | null): Promise<Finding[]> {
  await undoEarlier(run, admin);
  await ensureRole(run, admin);
  const { main } = await findCopies(admin, run.copies);
  try {
    if (main) await close(run, admin);
    const findings = await fillCopy(run, admin);
    await switchToCopy(run, admin);
    return findings;
  } catch (error) {
    await goBack(run, admin, before).catch((failure: unknown) =>
      run.deps.log.error(
        { err: failure, tenantId: run.tenant.id },
        'A restoration has failed, and the tenant is still under maintenance.',
      ),
    );
    throw error;
  }
}

/** A call with another file was cut off after its switch: the database that the tenant had is put back first. */
async function undoEarlier({ copies }: RestoreRun, admin: pg.Client): Promise<void> {
  const { old } = await findCopies(admin, copies);
  if (!old) return;
  await dropCopy(admin, copies.main);
  await putBack(admin, copies);
}

async function close({ database, tell, deps }: RestoreRun, admin: pg.Client): Promise<void> {
  await tell('close');
  if (!(await awaitQuiet(admin, database))) {
    deps.log.warn({ databaseId: database.id }, 'What goes on in a database for long is ended.');
  }
  await closeDatabase(admin, database);
}

async function goBack(run: RestoreRun, admin: pg.Client, before: Maintenance | null): Promise<void> {
  const { copies, database, tenant } = run;
  await dropCopy(admin, copies.fresh);
  const { main } = await findCopies(admin, copies);
  if (main && tenant.status !== 'archived') await openDatabase(admin, database);
  await leave(run, before);
}

async function enter({ deps, caller, tenant }: RestoreRun, wanted: Maintenance): Promise<void> {
  const record = maintenanceRecord(caller, 'tenant.maintenance_started');
  await enterMaintenance({ db: deps.central.db }, tenant.id, wanted, record);
}

/** Ends the maintenance, or goes back to the one that somebody had ordered before. */
async function leave(run: RestoreRun, before: Maintenance | null): Promise<void> {
  if (before) return enter(run, before);
  const record = maintenanceRecord(run.caller, 'tenant.maintenance_ended');
  await leaveMaintenance({ db: run.deps.central.db }, run.tenant.id, record);
}

function outcomeOf(
  { tenant, database, backup, copies, request }: RestoreRun,
  done: Pick<Restoration, 'schemaVersion' | 'findings' | 'resumed'>,
): Restoration {
  return {
    tenantId: tenant.id,
    slug: tenant.slug,
    mode: database.mode,
    databaseId: database.id,
    takenAt: backup.manifest.takenAt,
    oldDatabase: request.old === 'keep' ? copies.old : null,
    ...done,
  };
}
