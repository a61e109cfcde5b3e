import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printStatus } from '../../output/print-status.js';

/** `nova tenants undelete`. */
export function register(tenants: Command): void {
  tenants
    .command('undelete <tenant>')
    .description('Keep a tenant that is being deleted; its people log in anew')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: OutputOptions) => {
      const { undeleteTenant } = await import('@nova/core/features/tenant-life/undelete-tenant.js');
      printStatus(await withTenant(tenant, undeleteTenant), options);
    });
}
