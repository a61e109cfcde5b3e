import type { DatabaseResult } from '@nova/core/tenancy/migrator/migration-runs.js';
import type { FleetRun } from '@nova/core/tenancy/migrator/migrate-fleet.js';
import type { MigrationStatus } from '@nova/core/tenancy/migrator/migration-status.js';
import { type Command, InvalidArgumentError } from 'commander';

import { withPlatform } from '../environment/with-platform.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { fields, type OutputOptions, printResult, table } from '../output/print-result.js';

interface MigrateOptions extends OutputOptions {
  all?: boolean;
  concurrency: number;
}

/** `nova migrate --all | central | status`. */
export function register(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('Bring databases up to date: the central one, the template of new tenants, every tenant’s')
    .option('--all', 'central, then the template, then every tenant database')
    .option('--concurrency <n>', 'tenant databases at once', positiveInteger, 4)
    .option('--json', 'print one JSON document')
    .action(async (options: MigrateOptions, command: Command) => {
      if (!options.all) return command.help({ error: true });
      process.exitCode = await migrateAll(options);
    });
  migrate
    .command('central')
    .description('The central database, the servers’ templates and the queues only')
    .action(async () => {
      const { preparePlatform } = await import('@nova/core/tenancy/prepare-platform.js');
      await withPlatform(process.env, (config) => preparePlatform(config));
      process.stdout.write('The central database, the templates and the queues are up to date.\n');
    });
  migrate
    .command('status')
    .description('Which tenant databases are at which version, and which are behind')
    .option('--json', 'print one JSON document')
    .action(async (_options: OutputOptions, command: Command) => {
      const { migrationStatus } = await import('@nova/core/tenancy/migrator/migration-status.js');
      const status = await withPlatform(process.env, (config) => migrationStatus(config));
      printResult(status, command.optsWithGlobals<OutputOptions>(), describeStatus);
      if (status.stragglers.length > 0) process.exitCode = EXIT_CODES.partial;
    });
}

async function migrateAll(options: MigrateOptions): Promise<number> {
  const { migrateFleet } = await import('@nova/core/tenancy/migrator/migrate-fleet.js');
  const { migrateQueueSchema } = await import('@nova/core/platform/queues/queue-backend.js');
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGTERM', interrupt).once('SIGINT', interrupt);
  const run = await withPlatform(process.env, async (config) => {
    const result = await migrateFleet(config, {
      concurrency: options.concurrency,
      startedBy: `${process.env['USER'] ?? 'operator'} at the command line`,
      signal: stop.signal,
      onProgress: (database) => process.stderr.write(`${describeResult(database)}\n`),
    });
    await migrateQueueSchema(config);
    return result;
  });
  process.off('SIGTERM', interrupt).off('SIGINT', interrupt);
  printResult(run, options, describeRun);
  return exitCodeOf(run);
}

function exitCodeOf(run: FleetRun): number {
  if (run.status === 'succeeded') return EXIT_CODES.ok;
  const succeeded = run.results.some((result) => result.status === 'succeeded');
  return succeeded ? EXIT_CODES.partial : EXIT_CODES.failed;
}

function describeResult(result: DatabaseResult): string {
  const mark = result.status === 'succeeded' ? '✔' : '✖';
  return [mark, result.id, result.error ?? ''].join(' ').trimEnd();
}

function describeRun(run: FleetRun): string {
  const count = (status: string) => run.results.filter((result) => result.status === status).length;
  return fields({
    run: run.runId,
    status: run.status,
    succeeded: String(count('succeeded')),
    failed: String(count('failed')),
  });
}

function describeStatus(status: MigrationStatus): string {
  const versions = status.versions.map((v) => [v.version ?? 'none', String(v.databases)]);
  const stragglers = status.stragglers.map((s) => [s.slug, s.mode, s.version ?? 'none', s.error ?? '']);
  return [
    fields({ 'required version': status.required, 'last run': status.lastRun?.status ?? null }),
    table(['VERSION', 'DATABASES'], versions),
    ...(stragglers.length > 0 ? [table(['BEHIND', 'MODE', 'VERSION', 'ERROR'], stragglers)] : []),
  ].join('\n\n');
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 on, please.');
  return value;
}
