import type { Continuation } from '@nova/core/tenancy/migrator/migration-runs.js';
import type { Rollout } from '@nova/core/tenancy/migrator/rollout.js';
import { type Command, InvalidArgumentError, Option } from 'commander';

import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import type { OutputOptions } from '../../output/print-result.js';

/** What `nova migrate` was called with. */
export interface RolloutOptions extends OutputOptions {
  all?: true;
  canary?: Rollout['canary'];
  pauseAfterCanary?: true;
  concurrency?: number;
  maxFailures?: number;
  only?: string[];
  except?: string[];
  server?: string;
  statementTimeout?: number;
  verify?: true;
  /** `true` is the latest. */
  resume?: string | true;
  retryFailed?: string | true;
  dryRun?: true;
}

export function addRolloutOptions(command: Command): Command {
  return command
    .option('--all', 'central, then the templates, then every tenant database')
    .option('--canary <who>', 'who goes first: slugs with commas between, or how many tenants', canary)
    .option('--pause-after-canary', 'stop after the canaries until --resume')
    .option('--concurrency <n>', 'tenant databases at once (6)', positiveInteger)
    .option('--max-failures <n>', 'begin no more databases once so many have failed', positiveInteger)
    .option('--only <slugs>', 'these tenants only', names)
    .option('--except <slugs>', 'all but these tenants', names)
    .option('--server <name>', 'databases of this server only')
    .option('--statement-timeout <seconds>', 'how long one statement may take (1800)', positiveInteger)
    .option('--verify', 'open every database, those too that central says lack nothing')
    .addOption(
      new Option('--resume [run]', 'go on with a run that was paused or interrupted').conflicts([
        ...SELECTING,
        'retryFailed',
      ]),
    )
    .addOption(
      new Option('--retry-failed [run]', 'try again what failed in a run, then go on with it').conflicts(
        SELECTING,
      ),
    )
    .addOption(
      new Option(
        '--dry-run',
        'show which databases get which migrations, and the SQL; change nothing',
      ).conflicts(['resume', 'retryFailed']),
    )
    .option('--json', 'print one JSON document');
}

/** A run that is gone on with keeps what it was begun for. */
const SELECTING = ['canary', 'pauseAfterCanary', 'only', 'except', 'server', 'verify'];

/** What was said of how to go over the fleet; what was not said is left to the defaults, or to the run that goes on. */
export function rolloutOf(options: RolloutOptions): Partial<Rollout> {
  if (options.pauseAfterCanary && options.canary === undefined)
    throw new CommandError(
      '--pause-after-canary needs --canary, which says who goes first.',
      EXIT_CODES.usage,
    );
  return {
    ...(options.canary === undefined ? {} : { canary: options.canary }),
    ...(options.pauseAfterCanary ? { afterCanary: 'pause' } : {}),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.maxFailures === undefined ? {} : { maxFailures: options.maxFailures }),
    ...(options.only ? { only: options.only } : {}),
    ...(options.except ? { except: options.except } : {}),
    ...(options.server === undefined ? {} : { server: options.server }),
    ...(options.statementTimeout === undefined ? {} : { statementLimitMs: options.statementTimeout * 1_000 }),
    ...(options.verify ? { visit: 'all' } : {}),
  };
}

export function continuationOf({ resume, retryFailed }: RolloutOptions): Continuation | null {
  if (resume !== undefined) return { what: 'rest', runId: resume === true ? null : resume };
  if (retryFailed !== undefined)
    return { what: 'failures', runId: retryFailed === true ? null : retryFailed };
  return null;
}

function canary(text: string): Rollout['canary'] {
  return /^\d+$/.test(text) ? { count: positiveInteger(text) } : { tenants: names(text) };
}

function names(text: string): string[] {
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (list.length === 0) throw new InvalidArgumentError('Slugs with commas between, please.');
  return list;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 on, please.');
  return value;
}
