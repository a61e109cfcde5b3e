import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import { expect } from 'vitest';

import type { Nova, TestTenant } from './nova.js';

/** That nothing is wrong with what a tenant's test mode has in its books, once what is under way has come to its end. */
export async function expectSoundBooks(nova: Nova, { tenantId }: TestTenant): Promise<void> {
  await nova.settle();
  const deps = nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
  const [result] = await verifyTenants(deps, { tenantId, modes: ['test'] });
  expect(result?.verification?.findings).toEqual([]);
}
