import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printStatus } from '../../output/print-status.js';

/** `nova tenants resume`. */
export function register(tenants: Command): void {
  tenants
    .command('resume <tenant>')
    .description('Serve a suspended tenant again; what waited is done at once')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: OutputOptions) => {
      const { resumeTenant } = await import('@nova/core/features/tenant-life/suspend-tenant.js');
      printStatus(await withTenant(tenant, resumeTenant), options);
    });
}
