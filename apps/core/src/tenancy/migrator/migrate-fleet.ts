import type pg from 'pg';
import type { Logger } from 'pino';

import type { Config } from '../../platform/config/config.schema.js';
import { tryWithAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { createPool } from '../../platform/postgres/create-pool.js';
import { prepareCentral, withCentralClient } from '../prepare-platform.js';
import { FleetRollout } from './fleet-rollout.js';
import { requireKnownNames } from './fleet-databases.js';
import { measured } from './migrate-tenants.js';
import { MigrationError } from './migration-error.js';
import {
  closeRun,
  type Continuation,
  countResults,
  type DatabaseResult,
  type MigrationRun,
  noteDeadRuns,
  openRun,
  type Phase,
  reopenRun,
  type RunStatus,
} from './migration-runs.js';
import { type Rollout, RolloutSchema } from './rollout.js';
import { RunJournal } from './run-journal.js';
import { loadBuildMigrations, type MigrationSet } from './schema-versions.js';

export interface FleetOptions {
  /** How the run goes over the fleet; for a run that is gone on with, what changes of that. */
  readonly rollout?: Partial<Rollout>;
  /** Goes on with a run instead of beginning one. */
  readonly continues?: Continuation;
  /** Called when so many databases of a phase are about to be migrated. */
  readonly onPhase?: (phase: Phase, databases: number) => void;
  /** Called with every database's result as it comes. */
  readonly onProgress?: (result: DatabaseResult) => void;
  /** Who asked for it, for the record. */
  readonly startedBy?: string;
  /** Once aborted, what is under way is finished and nothing else begun. */
  readonly signal?: AbortSignal;
  readonly log?: Logger;
  /** What databases are brought up to; this build's own migrations by default. */
  readonly migrations?: MigrationSet;
}

/** What a run came to. Without an id, the central database was not even far enough along to record it. */
export interface FleetRun {
  readonly runId: string | null;
  readonly status: RunStatus;
  readonly target: string;
  /** All of the run, what was done of it before it was gone on with too. */
  readonly counts: { readonly succeeded: number; readonly failed: number; readonly left: number };
  /** What this process did of it. */
  readonly results: readonly DatabaseResult[];
}

/**
 * Brings all databases up to date: central, then every server's template, then the canaries, then every other tenant
 * database, several at once. A failure of central or of a template's migration ends the run, for what fails there would
 * fail in every tenant database as well; a failure of a canary ends it after the canaries.
 *
 * A tenant database is opened when central says that it lacks something. Central says so until the database itself has
 * committed what it lacked, so that its word can be taken when it says nothing is lacking; that no file of a migration
 * was changed afterwards is checked against the history of central and of every template. `visit: 'all'` takes nobody's
 * word and opens every database.
 * @throws MigrationError when another run is under way, or there is nothing to go on with
 */
export async function migrateFleet(config: Config, options: FleetOptions = {}): Promise<FleetRun> {
  return withCentralClient(config, async (central) => {
    const migrations = options.migrations ?? (await loadBuildMigrations());
    const lost = new AbortController();
    // Whoever loses the connection has lost the lock with it: another run may begin any moment.
    central.once('end', () => lost.abort());
    const signal = AbortSignal.any([lost.signal, ...(options.signal ? [options.signal] : [])]);
    const run = await tryWithAdvisoryLock(central, 'nova:fleet', () =>
      runLocked(config, { ...options, signal }, migrations, central),
    );
    if (!run)
      throw new MigrationError('Another run of migrations is under way. `nova migrate status` shows it.');
    return run.result;
  });
}

type LockedOptions = FleetOptions & { readonly signal: AbortSignal };

async function runLocked(
  config: Config,
  options: LockedOptions,
  migrations: MigrationSet,
  client: pg.Client,
): Promise<FleetRun> {
  const target = migrations.tenant.at(-1)?.name ?? 'empty';
  options.onPhase?.('central', 1);
  const central = await measured(
    { id: 'central', tenantId: null, name: 'central', mode: null, phase: 'central', attempts: 1 },
    () => prepareCentral(client, config, migrations.central, options.log ?? null),
  );
  options.onProgress?.(central);
  if (central.status === 'failed') {
    const counts = { succeeded: 0, failed: 1, left: 0 };
    return { runId: null, status: 'failed', target, counts, results: [central] };
  }
  await noteDeadRuns(client);
  const run = await beginRun(client, target, options);
  const pool = centralPool(config, options.log ?? null);
  try {
    return await recorded(pool, client, run, options, async (journal) => {
      await journal.record(central);
      const rollout = new FleetRollout({ config, options, migrations, run, pool, journal });
      return [central, ...(await rollout.run(client))];
    });
  } finally {
    await pool.end();
  }
}

/** Closes the run with what it came to, whichever way it ends. */
async function recorded(
  pool: pg.Pool,
  client: pg.Client,
  run: MigrationRun,
  options: LockedOptions,
  work: (journal: RunJournal) => Promise<readonly DatabaseResult[]>,
): Promise<FleetRun> {
  const journal = new RunJournal(pool, run.id, options.log ?? null);
  try {
    const results = await work(journal);
    await journal.close();
    const counts = await countResults(pool, run.id);
    const status = statusOf(counts, options.signal);
    await closeRun(pool, run.id, status);
    return { runId: run.id, status, target: run.target, counts, results };
  } catch (error) {
    await journal.close().catch(() => undefined);
    // A process that has lost its lock leaves the run to the next one, which finds it dead.
    if (!options.signal.aborted) await closeRun(client, run.id, 'failed').catch(() => undefined);
    throw error;
  }
}

function statusOf({ failed, left }: FleetRun['counts'], signal: AbortSignal): RunStatus {
  if (left > 0 && signal.aborted) return 'interrupted';
  if (failed > 0) return 'failed';
  return left > 0 ? 'paused' : 'succeeded';
}

async function beginRun(client: pg.Client, target: string, options: FleetOptions): Promise<MigrationRun> {
  const { continues, rollout = {}, startedBy = 'unknown' } = options;
  if (continues) return reopenRun(client, target, continues, rollout);
  const complete = RolloutSchema.parse(rollout);
  await requireKnownNames(client, complete);
  return openRun(client, target, complete, startedBy);
}

function centralPool(config: Config, log: Logger | null): pg.Pool {
  return createPool(
    { connectionString: config.centralDatabaseUrl, max: 4, application_name: 'nova-migrator' },
    (error) => log?.warn({ err: error }, 'A connection to the central database was lost.'),
  );
}
