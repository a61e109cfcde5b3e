import { systemClock } from '../../platform/clock/clock.js';
import { announce } from '../central/changes.js';
import { lockTenant } from './lock-tenant.js';
import {
  type Maintenance,
  type MaintenanceChange,
  type MaintenanceDeps,
  maintenanceOf,
  type MaintenanceRecord,
  NO_RECORD,
} from './maintenance-state.js';

/**
 * Puts a tenant under maintenance: within two seconds its API answers 503 in every process and its jobs wait. Called
 * again it takes the new reason and time. What was under way is waited for by `awaitQuiet` of `close-database.ts`.
 * @throws not_found
 */
export async function enterMaintenance(
  { db }: MaintenanceDeps,
  tenantId: string,
  wanted: Maintenance,
  record: MaintenanceRecord = NO_RECORD,
): Promise<MaintenanceChange> {
  return db.$transaction(async (tx) => {
    const before = maintenanceOf(await lockTenant(tx, tenantId));
    const change = { before, after: wanted };
    if (before?.reason === wanted.reason && before.until?.getTime() === wanted.until?.getTime())
      return change;
    await tx.tenant.update({
      where: { id: tenantId },
      data: {
        maintenanceReason: wanted.reason,
        maintenanceUntil: wanted.until,
        updatedAt: systemClock.now(),
      },
    });
    await record(tx, change);
    await announce(tx, { kind: 'tenant', tenantId });
    return change;
  });
}
