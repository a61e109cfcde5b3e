import { systemClock } from '../../platform/clock/clock.js';
import { announce } from '../central/changes.js';
import { lockTenant } from './lock-tenant.js';
import {
  type MaintenanceChange,
  type MaintenanceDeps,
  maintenanceOf,
  type MaintenanceRecord,
  NO_RECORD,
} from './maintenance-state.js';
import { wakeWork } from './wake-work.js';

/**
 * Ends a tenant's maintenance. Its API serves again and what waited goes on within two seconds. Does nothing to one that
 * is not under maintenance.
 * @throws not_found
 */
export async function leaveMaintenance(
  { db }: MaintenanceDeps,
  tenantId: string,
  record: MaintenanceRecord = NO_RECORD,
): Promise<MaintenanceChange> {
  return db.$transaction(async (tx) => {
    const before = maintenanceOf(await lockTenant(tx, tenantId));
    const change = { before, after: null };
    if (before === null) return change;
    await tx.tenant.update({
      where: { id: tenantId },
      data: { maintenanceReason: null, maintenanceUntil: null, updatedAt: systemClock.now() },
    });
    await record(tx, change);
    await wakeWork(tx, tenantId);
    await announce(tx, { kind: 'tenant', tenantId });
    return change;
  });
}
