import { hostname, userInfo } from 'node:os';

import type { FleetRun } from '@nova/core/tenancy/migrator/migrate-fleet.js';

import { withPlatform } from '../../environment/with-platform.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { printResult } from '../../output/print-result.js';
import { describePlan, describeRun } from './describe.js';
import { showProgress } from './progress.js';
import { continuationOf, type RolloutOptions, rolloutOf } from './rollout-options.js';

/** Runs the migrations, or goes on with a run, and returns the exit code. */
export async function migrateAll(options: RolloutOptions): Promise<number> {
  const { migrateFleet } = await import('@nova/core/tenancy/migrator/migrate-fleet.js');
  const { migrationStatus } = await import('@nova/core/tenancy/migrator/migration-status.js');
  const rollout = rolloutOf(options);
  const continues = continuationOf(options);
  const progress = showProgress();
  const stop = new AbortController();
  const interrupt = () => {
    progress.note('Finishing what is under way; nothing more is begun.');
    stop.abort();
  };
  process.once('SIGTERM', interrupt).once('SIGINT', interrupt);
  try {
    return await withPlatform(process.env, async (config) => {
      const run = await migrateFleet(config, {
        rollout,
        ...(continues ? { continues } : {}),
        startedBy: `${userInfo().username} at ${hostname()}`,
        signal: stop.signal,
        onPhase: (phase, databases) => progress.phase(phase, databases),
        onProgress: (result) => progress.done(result),
      });
      progress.stop();
      // Without an id not even central came up to date: what there is to say of the fleet is in it.
      const status = run.runId === null ? null : await migrationStatus(config);
      printResult({ run, status }, options, describeRun);
      return exitCodeOf(run);
    });
  } finally {
    progress.stop();
    process.off('SIGTERM', interrupt).off('SIGINT', interrupt);
  }
}

/** Shows what a run would do, and returns the exit code. */
export async function planAll(options: RolloutOptions): Promise<number> {
  const { planFleet } = await import('@nova/core/tenancy/migrator/plan-fleet.js');
  const rollout = rolloutOf(options);
  const plan = await withPlatform(process.env, (config) => planFleet(config, rollout));
  printResult(plan, options, describePlan);
  return plan.databases.some(({ problem }) => problem !== null) ? EXIT_CODES.partial : EXIT_CODES.ok;
}

function exitCodeOf({ status, results }: FleetRun): number {
  if (status === 'succeeded') return EXIT_CODES.ok;
  if (status === 'paused' || status === 'interrupted') return EXIT_CODES.unfinished;
  const isTenant = ({ phase }: { phase: string }) => phase === 'canary' || phase === 'rest';
  const some = results.some((result) => isTenant(result) && result.status === 'succeeded');
  return some ? EXIT_CODES.partial : EXIT_CODES.failed;
}
