import pg from 'pg';
import type { Logger } from 'pino';

import type { Config } from '../../platform/config/config.schema.js';
import { tryWithAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { createPool } from '../../platform/postgres/create-pool.js';
import { openKeyRing } from '../keys/key-ring.js';
import { prepareCentral, prepareServer, withCentralClient } from '../prepare-platform.js';
import { readServers } from '../servers/database-servers.js';
import { measured, migrateTenants } from './migrate-tenants.js';
import { MigrationError } from './migration-error.js';
import { closeRun, type DatabaseResult, openRun, recordResult, type RunStatus } from './migration-runs.js';
import { loadBuildMigrations, type MigrationSet } from './schema-versions.js';

export interface FleetOptions {
  /** How many tenant databases are migrated at once. */
  readonly concurrency?: number;
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
  readonly results: readonly DatabaseResult[];
}

/**
 * Brings all databases up to date: central, then every server's template, then every tenant database, several at once.
 * A failure of central or of a template ends the run, for what fails there would fail in every tenant database as well.
 * @throws MigrationError when another run is under way
 */
export async function migrateFleet(config: Config, options: FleetOptions = {}): Promise<FleetRun> {
  return withCentralClient(config, async (central) => {
    const migrations = options.migrations ?? (await loadBuildMigrations());
    const fleet = new Fleet(config, options, migrations, central);
    const run = await tryWithAdvisoryLock(central, 'nova:fleet', () => fleet.run());
    if (!run) throw new MigrationError('Another run of migrations is under way.');
    return run.result;
  });
}

/** One run, while it lasts. */
class Fleet {
  private readonly results: DatabaseResult[] = [];

  constructor(
    private readonly config: Config,
    private readonly options: FleetOptions,
    private readonly migrations: MigrationSet,
    /** Holds the lock of the run, and migrates central. */
    private readonly client: pg.Client,
  ) {}

  async run(): Promise<FleetRun> {
    const { config, options, client } = this;
    const central = await measured({ id: 'central', tenantId: null }, () =>
      prepareCentral(client, config, this.migrations.central, options.log ?? null),
    );
    this.note(central);
    if (central.status === 'failed') return { runId: null, status: 'failed', results: this.results };
    const target = this.migrations.tenant.at(-1)?.name ?? 'empty';
    const runId = await openRun(client, target, options.startedBy ?? 'unknown');
    await recordResult(client, runId, central);
    try {
      if (await this.migrateTemplates(runId)) await this.migrateTenants(runId);
    } catch (error) {
      await closeRun(client, runId, 'failed');
      throw error;
    }
    const status = this.status();
    await closeRun(client, runId, status);
    return { runId, status, results: this.results };
  }

  private async migrateTemplates(runId: string): Promise<boolean> {
    for (const server of await readServers(this.client, await openKeyRing(this.client, this.config))) {
      if (server.state === 'closed') continue;
      const result = await measured({ id: `template:${server.id}`, tenantId: null }, () =>
        prepareServer(server, this.config, this.migrations.tenant, this.options.log ?? null),
      );
      await recordResult(this.client, runId, result);
      this.note(result);
    }
    return this.results.every((result) => result.status === 'succeeded');
  }

  private async migrateTenants(runId: string): Promise<void> {
    const { concurrency = 4, log, signal } = this.options;
    const servers = await readServers(this.client, await openKeyRing(this.client, this.config));
    const central = createPool(
      {
        connectionString: this.config.centralDatabaseUrl,
        max: concurrency,
        application_name: 'nova-migrator',
      },
      (error) => log?.warn({ err: error }, 'A connection to the central database was lost.'),
    );
    try {
      await migrateTenants({
        runId,
        central,
        servers: new Map(servers.map((server) => [server.id, server])),
        migrations: this.migrations.tenant,
        concurrency,
        signal: signal ?? null,
        onResult: (result) => this.note(result),
      });
    } finally {
      await central.end();
    }
  }

  private note(result: DatabaseResult): void {
    this.results.push(result);
    this.options.onProgress?.(result);
  }

  private status(): RunStatus {
    if (this.options.signal?.aborted === true) return 'interrupted';
    return this.results.some((result) => result.status === 'failed') ? 'failed' : 'succeeded';
  }
}
