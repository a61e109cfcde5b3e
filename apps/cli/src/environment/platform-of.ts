import type { INestApplicationContext } from '@nestjs/common';
import type { PlatformDeps } from '@nova/core/features/platform-billing/ensure-platform.js';

/** What the platform's own tenant is made with, loaded when a command asks for it. */
export async function platformOf(app: INestApplicationContext): Promise<PlatformDeps> {
  const { CentralDatabase } = await import('@nova/core/tenancy/central/central-database.js');
  const { TenantProvisioner } = await import('@nova/core/tenancy/provisioning/tenant-provisioner.js');
  const { TenantDirectory } = await import('@nova/core/tenancy/directory/tenant-directory.js');
  const { PlatformTenant } = await import('@nova/core/features/platform-billing/platform-tenant.js');
  return {
    central: app.get(CentralDatabase, { strict: false }),
    provisioner: app.get(TenantProvisioner, { strict: false }),
    directory: app.get(TenantDirectory, { strict: false }),
    platform: app.get(PlatformTenant, { strict: false }),
  };
}
