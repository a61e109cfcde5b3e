import type { Tenant } from '@nova/prisma-central';

import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import type { Caller } from '../audit/caller.js';
import { changeStatus, standingBefore, type StatusOutcome } from './change-status.js';
import type { LifeDeps } from './life-deps.js';
import { decide } from './life-transitions.js';
import { openDatabases } from './tenant-databases.js';
import { tenantStatusConflict } from './tenant-life.errors.js';

/**
 * Keeps a tenant that is being deleted: it is again what it was before. Its people log in anew; its keys work as they did.
 * One that was archived goes back there, and its databases stay closed. It is too late once a purge has begun to drop them.
 * @throws not_found, tenant_status_conflict, tenant_busy
 */
export function undeleteTenant(deps: LifeDeps, caller: Caller): Promise<StatusOutcome> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const tenant = await deps.central.db.tenant.findUnique({ where: { id: tenantId } });
    if (tenant && decide('undelete', tenant.status).kind === 'change') {
      await refuseOncePurging(deps, tenant);
      const before = await standingBefore(deps.central.db, tenantId, 'undelete');
      if (before.status !== 'archived') await openDatabases(deps, tenantId);
    }
    return changeStatus(deps, caller, { verb: 'undelete', reason: null });
  });
}

/** A purge that was cut off leaves the tenant `deleting`, and databases taken out of use since then that nothing replaces. */
async function refuseOncePurging(
  { central }: LifeDeps,
  { id: tenantId, statusSince }: Pick<Tenant, 'id' | 'statusSince'>,
): Promise<void> {
  const databases = await central.db.tenantDatabase.findMany({ where: { tenantId } });
  const living = new Set(databases.filter(({ status }) => status !== 'retired').map(({ mode }) => mode));
  const lost = databases.filter(({ mode, updatedAt }) => !living.has(mode) && updatedAt >= statusSince);
  if (lost.length === 0) return;
  throw tenantStatusConflict(
    'A purge has begun to drop its databases: all that can be done is to finish it.',
  );
}
