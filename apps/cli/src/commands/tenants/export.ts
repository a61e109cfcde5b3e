import type { TenantExport } from '@nova/core/features/tenant-life/export/export-tenant.js';
import { type Command, Option } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { type OutputOptions, printResult, table } from '../../output/print-result.js';
import { tellStep } from '../../output/print-status.js';

interface ExportCommandOptions extends OutputOptions {
  mode?: 'test' | 'live';
  out?: string;
  withoutPdfs?: boolean;
}

/** `nova tenants export`. */
export function register(tenants: Command): void {
  tenants
    .command('export <tenant>')
    .description('Write a tenant’s data to folders: NDJSON a table, the invoices as PDFs, and a manifest')
    .addOption(new Option('--mode <mode>', 'only this database; both when absent').choices(['test', 'live']))
    .option('--out <folder>', 'where; `exports` in the data folder when absent')
    .option('--without-pdfs', 'leave the invoices’ PDFs out')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: ExportCommandOptions) => {
      const exports = await exportOne(tenant, options);
      if (exports.length === 0) {
        throw new CommandError(`${tenant} has no such database.`, EXIT_CODES.notFound);
      }
      printResult(exports, options, describeExports);
    });
}

async function exportOne(
  tenant: string,
  { mode, out, withoutPdfs }: ExportCommandOptions,
): Promise<TenantExport[]> {
  const { exportTenant } = await import('@nova/core/features/tenant-life/export/export-tenant.js');
  const options = {
    modes: mode ? [mode] : (['test', 'live'] as const),
    folder: out ?? null,
    pdfs: withoutPdfs ? 'without' : 'with',
  } as const;
  return withTenant(tenant, (deps, caller) => exportTenant(deps, caller, options, tellStep));
}

/** The folders of an export, a line each. */
export function describeExports(exports: readonly TenantExport[]): string {
  return table(
    ['MODE', 'FILES', 'ROWS', 'FOLDER'],
    exports.map(({ mode, files, rows, folder }) => [mode, String(files), String(rows), folder]),
  );
}
