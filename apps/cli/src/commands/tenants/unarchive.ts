import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printStatus } from '../../output/print-status.js';

/** `nova tenants unarchive`. */
export function register(tenants: Command): void {
  tenants
    .command('unarchive <tenant>')
    .description('Take a tenant out of the archive, to what it was before')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: OutputOptions) => {
      const { unarchiveTenant } = await import('@nova/core/features/tenant-life/archive-tenant.js');
      printStatus(await withTenant(tenant, unarchiveTenant), options);
    });
}
