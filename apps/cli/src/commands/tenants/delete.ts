import type { Command } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { confirm } from '../../output/confirm.js';
import { wholeNumber } from '../../output/parse-number.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';
import { tellStep } from '../../output/print-status.js';
import { describeExports } from './export.js';

const TEN_YEARS_DAYS = 3_650;

interface DeleteOptions extends OutputOptions {
  afterDays?: number;
  reason?: string;
  out?: string;
  withoutPdfs?: boolean;
  yes?: boolean;
}

/** `nova tenants delete`: the first of two steps. */
export function register(tenants: Command): void {
  tenants
    .command('delete <tenant>')
    .description('Export a tenant for the last time and end all access; its data is dropped some weeks later')
    .option('--after-days <n>', 'how long it can be undone', wholeNumber(0, TEN_YEARS_DAYS))
    .option('--reason <text>', 'why, for the audit log')
    .option('--out <folder>', 'where the export goes; `exports` in the data folder when absent')
    .option('--without-pdfs', 'leave the invoices’ PDFs out of the export')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (tenant: string, options: DeleteOptions) => {
      await confirm(`The tenant ${tenant} will be deleted.`, options);
      await deleteOne(tenant, options);
    });
}

async function deleteOne(tenant: string, options: DeleteOptions): Promise<void> {
  const { deleteTenant } = await import('@nova/core/features/tenant-life/delete-tenant.js');
  const { deleteAfter, ...deletion } = await withTenant(tenant, (deps, caller) => {
    const request = {
      reason: options.reason ?? null,
      afterDays: options.afterDays ?? deps.config.tenantDeletionDays,
      exportTo: { folder: options.out ?? null, pdfs: options.withoutPdfs ? 'without' : 'with' },
    } as const;
    return deleteTenant(deps, caller, request, tellStep);
  });
  const result = { ...deletion, deleteAfter: deleteAfter?.toISOString() ?? null };
  printResult(result, options, ({ slug, status, exports }) =>
    [
      fields({ tenant: slug, status, 'dropped after': result.deleteAfter }),
      ...(exports.length > 0 ? [describeExports(exports)] : ['It was being deleted already.']),
      `Until then, nova tenants undelete ${slug} brings it back.`,
    ].join('\n\n'),
  );
}
