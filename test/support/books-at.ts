import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';

import type { Nova, TestTenant } from './nova.js';

/** Works in the books of a tenant's test mode, where it is the moment that is given. */
export function booksAt<T>(
  { nova, tenant, moment }: { nova: Nova; tenant: TestTenant; moment: number },
  work: (ctx: TenantContext) => Promise<T>,
): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  const request = { tenantId: tenant.tenantId, mode: 'test', actor, requestId: null } as const;
  return contexts.run(request, (ctx) => work({ ...ctx, clock: stoppedClock(new Date(moment)) }));
}
