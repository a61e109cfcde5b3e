import type { TenantVerification } from '@nova/core/features/verify/verify-tenants.js';
import type { LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { type Command, Option } from 'commander';

import { withCore } from '../../environment/with-core.js';
import { noSuchTenant, tenantNamed } from '../../environment/tenant-named.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { fields, type OutputOptions, printResult, table } from '../../output/print-result.js';

interface VerifyCommandOptions extends OutputOptions {
  all?: boolean;
  mode?: 'test' | 'live';
}

/** `nova tenants verify`. */
export function register(tenants: Command): void {
  tenants
    .command('verify [tenant]')
    .description(
      'Check the books: invoices against their lines and payments, numbers without gaps, periods without holes; exit with 4 when something is wrong',
    )
    .option('--all', 'every tenant')
    .addOption(
      new Option('--mode <mode>', 'only these databases; both when absent').choices(['test', 'live']),
    )
    .option('--json', 'print one JSON document')
    .action(async (tenant: string | undefined, options: VerifyCommandOptions) => {
      if ((tenant === undefined) === (options.all !== true)) {
        throw new CommandError('Name a tenant, or say --all.', EXIT_CODES.usage);
      }
      const results = await verify(tenant ?? null, options);
      printResult(results, options, describe);
      if (results.some(({ status }) => status !== 'ok')) process.exitCode = EXIT_CODES.partial;
    });
}

async function verify(tenant: string | null, { mode }: VerifyCommandOptions): Promise<TenantVerification[]> {
  const { verifyTenants } = await import('@nova/core/features/verify/verify-tenants.js');
  const { TENANT_LIFE } = await import('@nova/core/features/tenant-life/life-deps.js');
  return withCore(process.env, async (app) => {
    const deps = app.get<LifeDeps>(TENANT_LIFE, { strict: false });
    const found =
      tenant === null ? null : await deps.central.db.tenant.findFirst({ where: tenantNamed(tenant) });
    if (tenant !== null && !found) throw noSuchTenant(tenant);
    return verifyTenants(deps, {
      tenantId: found?.id ?? null,
      modes: mode ? [mode] : ['test', 'live'],
    });
  });
}

function describe(results: TenantVerification[]): string {
  const count = (status: TenantVerification['status']) =>
    String(results.filter((result) => result.status === status).length);
  const findings = results.flatMap(({ tenant, mode, verification }) =>
    (verification?.findings ?? []).map((f) => [tenant, mode, f.check, f.id, f.expected, f.found]),
  );
  const unreachable = results.filter(({ error }) => error !== null);
  return [
    fields({
      databases: String(results.length),
      right: count('ok'),
      wrong: count('wrong'),
      'not reached': count('unreachable'),
      invoices: String(results.reduce((sum, { verification }) => sum + (verification?.invoices ?? 0), 0)),
      payments: String(results.reduce((sum, { verification }) => sum + (verification?.payments ?? 0), 0)),
    }),
    ...(findings.length > 0 ? [table(['TENANT', 'MODE', 'CHECK', 'ID', 'EXPECTED', 'FOUND'], findings)] : []),
    ...unreachable.map(({ tenant, mode, error }) => `${tenant} (${mode}) could not be read: ${error}`),
  ].join('\n\n');
}
