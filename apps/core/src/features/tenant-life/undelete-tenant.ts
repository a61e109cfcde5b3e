import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import type { Caller } from '../audit/caller.js';
import { changeStatus, standingBefore, type StatusOutcome } from './change-status.js';
import type { LifeDeps } from './life-deps.js';
import { decide } from './life-transitions.js';
import { openDatabases } from './tenant-databases.js';

/**
 * Keeps a tenant that is being deleted: it is again what it was before. Its people log in anew; its keys work as they did.
 * One that was archived goes back there, and its databases stay closed.
 * @throws not_found, tenant_status_conflict, tenant_busy
 */
export function undeleteTenant(deps: LifeDeps, caller: Caller): Promise<StatusOutcome> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const tenant = await deps.central.db.tenant.findUnique({ where: { id: tenantId } });
    if (tenant && decide('undelete', tenant.status).kind === 'change') {
      const before = await standingBefore(deps.central.db, tenantId, 'undelete');
      if (before.status !== 'archived') await openDatabases(deps, tenantId);
    }
    return changeStatus(deps, caller, { verb: 'undelete', reason: null });
  });
}
