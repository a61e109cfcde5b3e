import type { TenantDatabase } from '@nova/prisma-central';

import { withAdminClient } from '../../tenancy/servers/admin-client.js';
import { type LifeDeps } from '../tenant-life/life-deps.js';
import { serverOf } from '../tenant-life/tenant-databases.js';
import { type Verification, verifyDatabase } from './verify-database.js';

/** What came of verifying one tenant database. One that could not be read is not right, whatever is in it. */
export interface TenantVerification {
  readonly tenant: string;
  readonly mode: string;
  readonly status: 'ok' | 'wrong' | 'unreachable';
  readonly verification: Verification | null;
  readonly error: string | null;
}

interface VerifyOptions {
  /** One tenant's id; every tenant's databases when null. */
  readonly tenantId: string | null;
  readonly modes: readonly string[];
  readonly onResult?: (result: TenantVerification) => void;
}

type Deps = Pick<LifeDeps, 'central' | 'keys'>;
type DatabaseOfTenant = TenantDatabase & { tenant: { slug: string } };

/** Verifies databases one after another as their servers' administrator, whatever the tenants' status. Changes nothing. */
export async function verifyTenants(
  deps: Deps,
  { tenantId, modes, onResult }: VerifyOptions,
): Promise<TenantVerification[]> {
  const databases = await deps.central.db.tenantDatabase.findMany({
    where: { status: 'active', mode: { in: [...modes] }, ...(tenantId === null ? {} : { tenantId }) },
    include: { tenant: { select: { slug: true } } },
    orderBy: [{ tenantId: 'asc' }, { mode: 'desc' }],
  });
  const results: TenantVerification[] = [];
  for (const database of databases) {
    const result = await verifyOne(deps, database);
    results.push(result);
    onResult?.(result);
  }
  return results;
}

async function verifyOne(deps: Deps, database: DatabaseOfTenant): Promise<TenantVerification> {
  const about = { tenant: database.tenant.slug, mode: database.mode };
  try {
    const server = await serverOf(deps, database);
    const verification = await withAdminClient(server, verifyDatabase, database.databaseName);
    const status = verification.findings.length === 0 ? 'ok' : 'wrong';
    return { ...about, status, verification, error: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...about, status: 'unreachable', verification: null, error: message };
  }
}
