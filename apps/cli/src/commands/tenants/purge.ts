import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { confirm } from '../../output/confirm.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printStatus, tellStep } from '../../output/print-status.js';

interface PurgeOptions extends OutputOptions {
  now?: boolean;
  yes?: boolean;
}

/** `nova tenants purge`: the second step of deleting a tenant, which workers take by themselves when the day has come. */
export function register(tenants: Command): void {
  tenants
    .command('purge <tenant>')
    .description('Drop the data of a tenant that was deleted; this cannot be undone')
    .option('--now', 'although it could be kept for longer')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: PurgeOptions) => {
      await confirm(`All data of the tenant ${tenant} will be dropped for good.`, options);
      const { purgeTenant } = await import('@nova/core/features/tenant-life/purge-tenant.js');
      const time = options.now ? 'now' : 'when_due';
      const outcome = await withTenant(tenant, (deps, caller) => purgeTenant(deps, caller, time, tellStep));
      printStatus(outcome, options);
    });
}
