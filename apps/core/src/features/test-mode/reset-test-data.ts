import type { CentralDatabase } from '../../tenancy/central/central-database.js';
import type { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordAudit } from '../audit/record-audit.js';
import { keepTestAccounts } from '../payments/providers/keep-accounts.js';
import { requireTestMode } from './require-test-mode.js';

export interface ResetDeps {
  readonly central: CentralDatabase;
  readonly provisioner: TenantProvisioner;
}

/**
 * Gives the tenant a fresh, empty test database, whose clock goes with real time again. The old one is taken out of
 * use before the new one is made, since a tenant has one test database at a time; should the process die in between,
 * `completeResets` makes it.
 * @throws liveMode, provisioningFailed, noDatabaseServer
 */
export async function resetTestData({ central, provisioner }: ResetDeps, ctx: TenantContext): Promise<void> {
  requireTestMode(ctx);
  const { tenantId, databaseId, actor, requestId, ip } = ctx;
  await central.db.$transaction((tx) =>
    recordAudit(
      tx,
      { tenantId, actor: { type: actor.type, id: actor.id }, ip, requestId },
      { action: 'test_data.reset', target: { type: 'tenant_database', id: databaseId } },
    ),
  );
  await provisioner.retire(databaseId);
  await provisioner.provision(tenantId, 'test');
  await keepTestAccounts(central.db, tenantId);
}
