import type { CentralDatabase } from '../../tenancy/central/central-database.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import type { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import type { TenantSettings } from '../../tenancy/tenant-context.js';
import { BY_ITSELF, type PlatformTenant } from './platform-tenant.js';
import { seedPlatformPlans } from './seed-platform-plans.js';

export interface PlatformDeps {
  readonly central: CentralDatabase;
  readonly provisioner: TenantProvisioner;
  readonly directory: TenantDirectory;
  readonly platform: PlatformTenant;
}

const SLUG = 'platform';
/** Free plans are billed with nothing, month after month: that makes no invoices. */
const SETTINGS = {
  legalName: 'NovaBilling',
  invoicePrefix: 'NOVA',
  zeroInvoices: 'skip',
} satisfies TenantSettings;

/**
 * Makes the platform's own tenant, its live database and its plans, as far as they are missing. Several processes that
 * start at once make one: the row is unique, the database is made by one of them, and plans by their external ids.
 * @returns the tenant's id
 * @throws provisioning_failed, no_database_server
 */
export async function ensurePlatform(deps: PlatformDeps): Promise<string> {
  const { central, provisioner, directory, platform } = deps;
  // Nobody can register it: its slug is reserved. It is active from the start, as nobody knows of it yet.
  await central.db.$executeRaw`
    INSERT INTO tenants (id, slug, name, kind, status, currency, time_zone, settings)
    VALUES (${newId('ten')}, ${SLUG}, 'NovaBilling', 'platform', 'active', 'USD', 'UTC', ${JSON.stringify(SETTINGS)}::jsonb)
    ON CONFLICT (kind) WHERE kind = 'platform' DO NOTHING`;
  const tenantId = await platform.find();
  if (!tenantId) throw new Error('The platform’s tenant was made and is not there.');
  await provisioner.provision(tenantId, 'live');
  await directory.fresh(tenantId);
  await platform.inBooks(BY_ITSELF, seedPlatformPlans);
  return tenantId;
}
