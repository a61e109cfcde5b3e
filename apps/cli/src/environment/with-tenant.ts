import type { Caller } from '@nova/core/features/audit/caller.js';
import type { LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';

import { noSuchTenant, tenantNamed } from './tenant-named.js';
import { withCore } from './with-core.js';

/** Runs a command's work on one tenant, named by id or slug, as the operator who is logged in on this machine. */
export async function withTenant<T>(
  idOrSlug: string,
  work: (deps: LifeDeps, caller: Caller) => Promise<T>,
): Promise<T> {
  const { TENANT_LIFE } = await import('@nova/core/features/tenant-life/life-deps.js');
  const { operatorCaller } = await import('@nova/core/features/audit/operator-caller.js');
  return withCore(process.env, async (app) => {
    const deps = app.get<LifeDeps>(TENANT_LIFE, { strict: false });
    const where = tenantNamed(idOrSlug);
    const tenant = await deps.central.db.tenant.findFirst({ where, select: { id: true } });
    if (!tenant) throw noSuchTenant(idOrSlug);
    return work(deps, operatorCaller(tenant.id));
  });
}
