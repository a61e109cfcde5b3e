import type { Restoration } from '@nova/core/features/backups/restore-run.js';
import { type Command, Option } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { CommandError } from '../../output/command-error.js';
import { confirm } from '../../output/confirm.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';
import { tellStep } from '../../output/print-status.js';

interface RestoreOptions extends OutputOptions {
  from?: string;
  mode?: 'test' | 'live';
  keepOld?: boolean;
  dropOld?: boolean;
  acceptFindings?: boolean;
  yes?: boolean;
}

const HELP = `
The backup is read into a database beside the tenant's, brought up to this build, compared with its manifest and its books
are verified; only then it takes the tenant's place. The tenant answers 503 meanwhile. A call that was cut off is finished
by the same call again.`;

/** `nova tenants restore`. */
export function register(tenants: Command): void {
  tenants
    .command('restore <tenant>')
    .description('Put a backup in the place of one of a tenant’s databases, or of one that is gone')
    .option('--from <file>', 'the backup; its manifest is beside it')
    .addOption(new Option('--mode <mode>', 'the backup’s own when absent').choices(['test', 'live']))
    .option('--keep-old', 'keep the database whose place is taken, until --drop-old')
    .addOption(
      new Option('--drop-old', 'restore nothing, and drop what --keep-old has kept').conflicts([
        'from',
        'keepOld',
      ]),
    )
    .option('--accept-findings', 'restore it even if its books are wrong')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action((tenant: string, options: RestoreOptions) =>
      options.dropOld ? dropOld(tenant, options) : restore(tenant, options),
    );
}

async function restore(tenant: string, options: RestoreOptions): Promise<void> {
  const { from } = options;
  if (from === undefined) throw new CommandError('Name a backup with --from.', EXIT_CODES.usage);
  await confirm(`What ${tenant} has done since the backup will be gone.`, options);
  const { restoreTenant } = await import('@nova/core/features/backups/restore-tenant.js');
  const request = {
    file: from,
    mode: options.mode ?? null,
    old: options.keepOld ? 'keep' : 'drop',
    findings: options.acceptFindings ? 'accept' : 'refuse',
  } as const;
  const restored = await withTenant(tenant, (deps, caller) => restoreTenant(deps, caller, request, tellStep));
  printResult(restored, options, describe);
}

async function dropOld(tenant: string, options: RestoreOptions): Promise<void> {
  await confirm(`What was kept of ${tenant} from before it was restored will be dropped.`, options);
  const { dropOldDatabase } = await import('@nova/core/features/backups/drop-old-database.js');
  const dropped = await withTenant(tenant, (deps, caller) =>
    dropOldDatabase(deps, caller, options.mode ?? null),
  );
  printResult({ dropped }, options, () =>
    dropped.length === 0 ? 'There was nothing to drop.' : `dropped  ${dropped.join(', ')}`,
  );
}

function describe(restored: Restoration): string {
  return fields({
    tenant: restored.slug,
    mode: restored.mode,
    'state of': restored.takenAt,
    schema: restored.schemaVersion,
    findings: String(restored.findings.length),
    'old database': restored.oldDatabase ?? 'dropped',
    finished: restored.resumed ? 'what an earlier call had begun' : 'now',
  });
}
