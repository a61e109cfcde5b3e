import { type Command } from 'commander';

import { register as central } from './migrate/central.js';
import { migrateAll, planAll } from './migrate/all.js';
import { addRolloutOptions, type RolloutOptions } from './migrate/rollout-options.js';
import { register as status } from './migrate/status.js';

const HELP = `
Order: the central database, then every server's template of new tenants, then the canaries, then the rest. A failure of
central, of a template or of a canary ends the run there; any other failure ends nothing but its own database.
While it runs, the application serves databases of this release and of the one before. SIGTERM or SIGINT finishes what is
under way. What is done is done: a run that was cut off in any way goes on with --resume, and a new one finds by itself
what is left.

Exit codes:
  0  every database is up to date
  1  failed: nothing of the fleet was brought up to date
  3  a tenant, server or run that was named is not there
  4  some databases failed; nova migrate status lists them, --retry-failed tries them again
  5  refused: another run is under way, or there is nothing to go on with
  6  not finished: paused after the canaries, or interrupted; --resume goes on`;

/** `nova migrate --all | central | status`. */
export function register(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('Bring databases up to date: the central one, the template of new tenants, every tenant’s');
  addRolloutOptions(migrate)
    .addHelpText('after', HELP)
    .action(async (options: RolloutOptions, command: Command) => {
      const continues = options.resume !== undefined || options.retryFailed !== undefined;
      if (!options.all && !options.dryRun && !continues) return command.help({ error: true });
      process.exitCode = options.dryRun ? await planAll(options) : await migrateAll(options);
    });
  central(migrate);
  status(migrate);
}
