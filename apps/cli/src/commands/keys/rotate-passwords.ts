import { setTimeout as sleep } from 'node:timers/promises';

import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import type { PasswordResult } from '@nova/core/tenancy/passwords/rotate-passwords.js';
import type { PasswordDeps } from '@nova/core/tenancy/passwords/switch-password.js';
import { type Command, Option } from 'commander';

import { noSuchTenant, tenantNamed } from '../../environment/tenant-named.js';
import { withCore } from '../../environment/with-core.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { fields, type OutputOptions, printResult, table } from '../../output/print-result.js';

const LOOK_AGAIN_MS = 5_000;

interface RotatePasswordsOptions extends OutputOptions {
  tenant?: string;
  all?: boolean;
  wait?: boolean;
}

/** `nova keys rotate-passwords`. */
export function register(keys: Command): void {
  keys
    .command('rotate-passwords')
    .description('Give tenant databases new logins with new passwords; no request fails meanwhile')
    .addOption(
      new Option('--tenant <tenant>', 'the databases of one tenant, by its slug or id').conflicts('all'),
    )
    .option('--all', 'the databases of all tenants')
    .option(
      '--wait',
      'wait until the former logins are dropped, which the workers do minutes later otherwise',
    )
    .option('--json', 'print one JSON document')
    .action((options: RotatePasswordsOptions) => rotatePasswords(options));
}

async function rotatePasswords(options: RotatePasswordsOptions): Promise<void> {
  if (options.tenant === undefined && !options.all) {
    throw new CommandError('Name a tenant with --tenant, or say --all.', EXIT_CODES.usage);
  }
  const outcome = await withCore(process.env, (app) => rotateIn(app, options));
  printResult(outcome, options, describe);
  const failed = outcome.databases.filter(({ error }) => error !== null).length;
  if (failed > 0)
    process.exitCode = failed < outcome.databases.length ? EXIT_CODES.partial : EXIT_CODES.failed;
}

interface Outcome {
  databases: PasswordResult[];
  /** Databases that still have a former login. */
  formerLogins: number;
}

async function rotateIn(app: INestApplicationContext, options: RotatePasswordsOptions): Promise<Outcome> {
  const { operatorCaller } = await import('@nova/core/features/audit/operator-caller.js');
  const { rotateTenantPasswords } = await import('@nova/core/features/keys/rotate-tenant-passwords.js');
  const { CONFIG } = await import('@nova/core/platform/config/config.module.js');
  const { CentralDatabase } = await import('@nova/core/tenancy/central/central-database.js');
  const { KeyRing } = await import('@nova/core/tenancy/keys/key-ring.js');
  const { countSupersededRoles } = await import('@nova/core/tenancy/passwords/drop-superseded-roles.js');
  const deps = {
    central: app.get(CentralDatabase, { strict: false }),
    keys: app.get(KeyRing, { strict: false }),
    config: app.get<Config>(CONFIG, { strict: false }),
  };
  const databases = await rotateTenantPasswords(deps, operatorCaller(null), {
    tenantId: await tenantIdOf(deps, options.tenant),
    onResult: (result) => process.stderr.write(`${describeResult(result)}\n`),
  });
  if (options.wait) await awaitDropped(deps);
  return { databases, formerLogins: await countSupersededRoles(deps) };
}

async function tenantIdOf({ central }: PasswordDeps, tenant: string | undefined): Promise<string | null> {
  if (tenant === undefined) return null;
  const found = await central.db.tenant.findFirst({ where: tenantNamed(tenant), select: { id: true } });
  if (!found) throw noSuchTenant(tenant);
  return found.id;
}

async function awaitDropped(deps: PasswordDeps): Promise<void> {
  const { countSupersededRoles, dropSupersededRoles } =
    await import('@nova/core/tenancy/passwords/drop-superseded-roles.js');
  let left = await countSupersededRoles(deps);
  while (left > 0) {
    process.stderr.write(`${left} databases still have a former login\n`);
    await sleep(LOOK_AGAIN_MS);
    await dropSupersededRoles(deps);
    left = await countSupersededRoles(deps);
  }
}

function describe({ databases, formerLogins }: Outcome): string {
  const failed = databases.filter(({ error }) => error !== null);
  return [
    fields({
      rotated: String(databases.length - failed.length),
      failed: String(failed.length),
      'databases with a former login':
        formerLogins === 0 ? '0' : `${formerLogins}, dropped by the workers when nobody is logged in with it`,
    }),
    ...(failed.length > 0
      ? [
          table(
            ['FAILED', 'MODE', 'TENANT', 'WHY'],
            failed.map((f) => [f.databaseId, f.mode, f.tenantId, f.error ?? '']),
          ),
        ]
      : []),
  ].join('\n\n');
}

function describeResult({ databaseId, error }: PasswordResult): string {
  return `${error === null ? '✔' : '✖'} ${databaseId} ${error ?? ''}`.trimEnd();
}
