import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { confirm } from '../../output/confirm.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printStatus } from '../../output/print-status.js';

interface ArchiveOptions extends OutputOptions {
  reason?: string;
  yes?: boolean;
}

/** `nova tenants archive`. */
export function register(tenants: Command): void {
  tenants
    .command('archive <tenant>')
    .description('Put a tenant away: nobody is served, its databases are closed to it, its data is kept')
    .option('--reason <text>', 'why; its people are told')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: ArchiveOptions) => {
      await confirm(`The tenant ${tenant} will be served no more until it is unarchived.`, options);
      const { archiveTenant } = await import('@nova/core/features/tenant-life/archive-tenant.js');
      const reason = options.reason ?? null;
      printStatus(
        await withTenant(tenant, (deps, caller) => archiveTenant(deps, caller, { reason })),
        options,
      );
    });
}
