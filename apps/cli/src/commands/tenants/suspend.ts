import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printStatus } from '../../output/print-status.js';

/** `nova tenants suspend`. */
export function register(tenants: Command): void {
  tenants
    .command('suspend <tenant>')
    .description('Stop serving a tenant: its API answers 403 with the reason, and its jobs wait')
    .requiredOption('--reason <text>', 'why; its people are told')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: OutputOptions & { reason: string }) => {
      const { suspendTenant } = await import('@nova/core/features/tenant-life/suspend-tenant.js');
      const { reason } = options;
      printStatus(
        await withTenant(tenant, (deps, caller) => suspendTenant(deps, caller, { reason })),
        options,
      );
    });
}
