import { type Command, Option } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';
import { tellStep } from '../../output/print-status.js';

interface BackupOptions extends OutputOptions {
  mode?: 'test' | 'live';
  out: string;
}

/** `nova tenants backup`. */
export function register(tenants: Command): void {
  tenants
    .command('backup <tenant>')
    .description(
      'Write one of a tenant’s databases to a file by pg_dump, with a manifest beside it; the tenant goes on',
    )
    .addOption(
      new Option('--mode <mode>', 'which database; may be left out when there is one').choices([
        'test',
        'live',
      ]),
    )
    .requiredOption('--out <file>', 'where; nothing is written over')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: BackupOptions) => {
      const { backUpTenant } = await import('@nova/core/features/backups/back-up-tenant.js');
      const request = { mode: options.mode ?? null, file: options.out };
      const { path, manifest } = await withTenant(tenant, (deps, caller) =>
        backUpTenant(deps, caller, request, tellStep),
      );
      printResult({ file: path, ...manifest }, options, () =>
        fields({
          file: path,
          tenant: manifest.tenant.slug,
          mode: manifest.mode,
          'state of': manifest.takenAt,
          rows: String(manifest.tables.reduce((sum, { rows }) => sum + rows, 0)),
          bytes: String(manifest.bytes),
          'SHA-256': manifest.sha256,
        }),
      );
    });
}
