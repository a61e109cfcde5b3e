import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import type { Caller } from '../audit/caller.js';
import { changeStatus, type StatusOutcome } from './change-status.js';
import type { LifeDeps } from './life-deps.js';

import { decide } from './life-transitions.js';
import { closeDatabases, openDatabases } from './tenant-databases.js';

/**
 * Puts a tenant away: nobody is served, its databases are closed to it on the server, and its data is kept. A call that
 * was cut off is finished by the next: what is closed already is closed again without harm.
 * @throws not_found, tenant_status_conflict, tenant_busy
 */
export function archiveTenant(
  deps: LifeDeps,
  caller: Caller,
  { reason }: { reason: string | null },
): Promise<StatusOutcome> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const outcome = await changeStatus(deps, caller, { verb: 'archive', reason });
    await closeDatabases(deps, tenantId);
    return outcome;
  });
}

/**
 * Takes a tenant out of the archive, to what it was before. Its databases are opened first, so that it never serves
 * without them.
 * @throws not_found, tenant_status_conflict, tenant_busy
 */
export function unarchiveTenant(deps: LifeDeps, caller: Caller): Promise<StatusOutcome> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const tenant = await deps.central.db.tenant.findUnique({ where: { id: tenantId } });
    if (tenant && decide('unarchive', tenant.status).kind === 'change') await openDatabases(deps, tenantId);
    return changeStatus(deps, caller, { verb: 'unarchive', reason: null });
  });
}
