import type { TenantDatabase } from '@nova/prisma-central';

import { enterMaintenance } from '../../tenancy/maintenance/enter-maintenance.js';
import { awaitQuiet, closeDatabase, openDatabase } from '../../tenancy/maintenance/close-database.js';
import { leaveMaintenance } from '../../tenancy/maintenance/leave-maintenance.js';
import { rolesOfDatabase } from '../../tenancy/provisioning/tenant-roles.js';
import { type DatabaseServer, withAdminClient } from '../../tenancy/servers/admin-client.js';
import { tenantMoveRefused } from '../../tenancy/tenancy.errors.js';
import type { LifeDeps } from '../tenant-life/life-deps.js';

/** Tells our maintenance from an operator's own, which is left to the operator. */
const REASON = 'The tenant is being moved to another database server.';
const EXPECTED_MS = 10 * 60_000;
const CLOSED_STATUSES = ['archived', 'deleting', 'deleted'];

/**
 * Runs `work` on a tenant that is under maintenance for as long, and ends that when the work is done or has been undone.
 * When it fails otherwise maintenance stays: nobody may write to a tenant of which it is not known where it is.
 */
export async function underMaintenance<T>(
  deps: LifeDeps,
  tenantId: string,
  work: () => Promise<T>,
): Promise<T> {
  const { db } = deps.central;
  const until = new Date(deps.clock.now().getTime() + EXPECTED_MS);
  const tenant = await db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (CLOSED_STATUSES.includes(tenant.status)) {
    throw tenantMoveRefused(`A tenant that is ${tenant.status} is not moved: its databases are closed.`);
  }
  const ours = tenant.maintenanceReason === null || tenant.maintenanceReason === REASON;
  if (ours) await enterMaintenance({ db }, tenantId, { reason: REASON, until });
  const result = await work();
  if (ours) await leaveMaintenance({ db }, tenantId);
  return result;
}

/** Ends a maintenance of ours that an interrupted move has left. */
export async function endOwnMaintenance(deps: LifeDeps, tenantId: string): Promise<void> {
  const { db } = deps.central;
  const tenant = await db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (tenant.maintenanceReason === REASON) await leaveMaintenance({ db }, tenantId);
}

/** Lets what the tenant does in the database come to its end, and shuts out every role that was made for it. */
export async function shutOut(
  deps: LifeDeps,
  server: DatabaseServer,
  database: TenantDatabase,
): Promise<void> {
  const { databaseName, tenantId, id } = database;
  await withAdminClient(server, async (admin) => {
    if (!(await awaitQuiet(admin, database))) {
      deps.log.warn({ tenantId, databaseId: id }, 'What goes on in a database for long is ended.');
    }
    // A password that was rotated lately has left a second role.
    for (const roleName of await rolesOfDatabase(admin, database)) {
      await closeDatabase(admin, { databaseName, roleName });
    }
  });
}

export function letIn(server: DatabaseServer, database: TenantDatabase): Promise<void> {
  return withAdminClient(server, (admin) => openDatabase(admin, database));
}
