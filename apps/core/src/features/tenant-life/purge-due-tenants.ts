import { type Caller } from '../audit/caller.js';
import type { LifeDeps } from './life-deps.js';
import { purgeTenant } from './purge-tenant.js';

/** The platform itself, when the day that an operator has set has come. */
function platformCaller(tenantId: string): Caller {
  return { tenantId, actor: { type: 'system', id: 'tenant.purge' }, ip: null, requestId: null };
}

/** Purges every tenant whose time to be kept is over. One that cannot be purged is tried again with the next round. */
export async function purgeDueTenants(deps: LifeDeps): Promise<string[]> {
  const due = await deps.central.db.tenant.findMany({
    where: { status: 'deleting', deleteAfter: { lte: deps.clock.now() } },
    select: { id: true },
    orderBy: { deleteAfter: 'asc' },
  });
  const purged: string[] = [];
  for (const { id } of due) {
    try {
      await purgeTenant(deps, platformCaller(id), 'when_due');
      purged.push(id);
      deps.log.info({ tenantId: id }, 'A tenant whose time was over has been purged.');
    } catch (error) {
      deps.log.error({ err: error, tenantId: id }, 'A tenant whose time is over could not be purged.');
    }
  }
  return purged;
}
