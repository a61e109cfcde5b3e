import type { Maintenance } from '@nova/core/tenancy/maintenance/maintenance-state.js';
import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { wholeNumber } from '../../output/parse-number.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';

const MINUTE_MS = 60_000;
const WEEK_MINUTES = 10_080;

interface MaintenanceOptions extends OutputOptions {
  on?: boolean;
  off?: boolean;
  reason?: string;
  minutes?: number;
}

/** `nova tenants maintenance`. */
export function register(tenants: Command): void {
  tenants
    .command('maintenance <tenant>')
    .description('Answer a tenant’s clients 503 with Retry-After and let its jobs wait, or end that')
    .option('--on', 'begin, or change reason and time')
    .option('--off', 'end it; what waited is done at once')
    .option('--reason <text>', 'why; its clients are told')
    .option('--minutes <n>', 'how long it takes, for Retry-After', wholeNumber(1, WEEK_MINUTES))
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: MaintenanceOptions) => {
      const after = await setMaintenance(tenant, options);
      const result = { tenant, reason: after?.reason ?? null, until: after?.until?.toISOString() ?? null };
      printResult(result, options, ({ reason, until }) =>
        fields({ tenant, maintenance: reason === null ? 'off' : 'on', reason, until }),
      );
    });
}

async function setMaintenance(tenant: string, options: MaintenanceOptions): Promise<Maintenance | null> {
  const { on, off, reason, minutes } = options;
  if ((on ?? false) === (off ?? false)) {
    throw new CommandError('Say either --on or --off.', EXIT_CODES.usage);
  }
  const { beginMaintenance, endMaintenance } =
    await import('@nova/core/features/tenant-life/maintain-tenant.js');
  if (off) return (await withTenant(tenant, endMaintenance)).after;
  if (reason === undefined) throw new CommandError('Say why with --reason.', EXIT_CODES.usage);
  const change = await withTenant(tenant, (deps, caller) => {
    const until = minutes === undefined ? null : new Date(deps.clock.now().getTime() + minutes * MINUTE_MS);
    return beginMaintenance(deps, caller, { reason, until });
  });
  return change.after;
}
