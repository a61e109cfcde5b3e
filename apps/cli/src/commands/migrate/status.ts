import type { Command } from 'commander';

import { withPlatform } from '../../environment/with-platform.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { type OutputOptions, printResult } from '../../output/print-result.js';
import { describeStatus } from './describe.js';

/** `nova migrate status`. */
export function register(migrate: Command): void {
  migrate
    .command('status')
    .description('The latest runs, which tenant databases are at which version, and which are behind and why')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExit codes: 0 every tenant database is up to date · 4 some are behind')
    .action(async (_options: OutputOptions, command: Command) => {
      const { migrationStatus } = await import('@nova/core/tenancy/migrator/migration-status.js');
      const status = await withPlatform(process.env, (config) => migrationStatus(config));
      printResult(status, command.optsWithGlobals<OutputOptions>(), describeStatus);
      if (status.stragglers.length > 0) process.exitCode = EXIT_CODES.partial;
    });
}
