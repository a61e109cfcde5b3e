import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { openKeyRing } from '../keys/key-ring.js';
import { prepareServer } from '../prepare-platform.js';
import type { DatabaseServer } from '../servers/admin-client.js';
import { readServers } from '../servers/database-servers.js';
import { canariesOf, type FleetDatabase, lacks, selectDatabases } from './fleet-databases.js';
import type { FleetOptions } from './migrate-fleet.js';
import { measured, migrateTenants, type TenantMigration, untouched } from './migrate-tenants.js';
import type { DatabaseResult, MigrationRun, Phase } from './migration-runs.js';
import type { RunJournal } from './run-journal.js';
import type { MigrationSet } from './schema-versions.js';
import { ServerConnections, ServerUnreachable } from './server-connections.js';

interface RolloutParts {
  readonly config: Config;
  readonly options: FleetOptions & { readonly signal: AbortSignal };
  readonly migrations: MigrationSet;
  readonly run: MigrationRun;
  readonly pool: pg.Pool;
  readonly journal: RunJournal;
}

/** One run over templates and tenant databases, while it lasts. */
export class FleetRollout {
  private readonly results: DatabaseResult[] = [];
  private readonly connections = new ServerConnections();
  private failures = 0;

  constructor(private readonly parts: RolloutParts) {}

  /** What was done of it, in the order in which it was done. */
  async run(client: pg.Client): Promise<readonly DatabaseResult[]> {
    const { config, options } = this.parts;
    const servers = await readServers(client, await openKeyRing(client, config));
    if (!(await this.migrateTemplates(servers))) return this.results;
    const tenants = this.tenantMigration(servers);
    if (options.continues) await this.goOn(tenants);
    else await this.begin(tenants);
    // Whoever registered while the old template was still cloned has a database that nobody had on the list.
    await this.takeLatecomers(tenants);
    return this.results;
  }

  /**
   * All servers at once. A server that cannot be reached fails with its own tenants and keeps nobody else's waiting; a
   * migration that fails would fail in every tenant database as well.
   * @returns whether tenants' databases may be migrated
   */
  private async migrateTemplates(all: readonly DatabaseServer[]): Promise<boolean> {
    const { server: only } = this.parts.run.rollout;
    const servers = all.filter(
      ({ name, id, state }) => state !== 'closed' && (only === null || only === name || only === id),
    );
    this.parts.options.onPhase?.('template', servers.length);
    const fatal = await Promise.all(servers.map((server) => this.migrateTemplate(server)));
    return !fatal.includes('fatal');
  }

  private async migrateTemplate(server: DatabaseServer): Promise<'fatal' | 'fine'> {
    const { config, migrations, options, journal } = this.parts;
    let unreachable = false;
    const about = { id: `template:${server.id}`, tenantId: null, name: server.name, mode: null } as const;
    const result = await measured({ ...about, phase: 'template', attempts: 1 }, async () => {
      try {
        await this.connections.with(server, null, (admin) => admin.query('SELECT 1'));
      } catch (error) {
        unreachable = error instanceof ServerUnreachable;
        throw error;
      }
      return prepareServer(server, config, migrations.tenant, options.log ?? null);
    });
    await journal.record(result);
    this.note(result);
    return result.status === 'failed' && !unreachable ? 'fatal' : 'fine';
  }

  private async begin(tenants: TenantMigration): Promise<void> {
    const { run, pool } = this.parts;
    const databases = await selectDatabases(pool, run.rollout);
    const wanted = databases.filter((database) => this.isWanted(database));
    const canaries = canariesOf(
      run.rollout.canary && 'count' in run.rollout.canary ? wanted : databases,
      run.rollout,
      run.id,
    );
    await this.takeAll(tenants, databases, (database) => (canaries.has(database.id) ? 'canary' : 'rest'));
  }

  /** Goes on with what the run has left. What was retired meanwhile is taken off its list. */
  private async goOn(tenants: TenantMigration): Promise<void> {
    const { pool, journal } = this.parts;
    const pending = await journal.pending();
    // Cut off among its canaries, the run has not seen yet that one of them had failed.
    this.isHeldBack = [...pending.values()].includes('canary') && (await journal.hasFailedCanary());
    const everything = { only: null, except: [], server: null };
    const databases = (await selectDatabases(pool, everything)).filter(({ id }) => pending.has(id));
    const there = new Set(databases.map(({ id }) => id));
    await journal.forget([...pending.keys()].filter((id) => !there.has(id)));
    await this.takeAll(tenants, databases, ({ id }) => pending.get(id) ?? 'rest');
  }

  private async takeLatecomers(tenants: TenantMigration): Promise<void> {
    const { run, pool, journal } = this.parts;
    while (this.mayBegin() && !this.isPaused) {
      const known = await journal.known();
      const late = (await selectDatabases(pool, run.rollout)).filter(({ id }) => !known.has(id));
      if (late.length === 0) return;
      await this.takeAll(tenants, late, () => 'rest');
    }
  }

  private isPaused = false;
  /** Whether a canary has failed before the run was gone on with, so that it ends after those that are left. */
  private isHeldBack = false;

  /** Canaries, then the rest, unless a canary has failed or a pause is wished for. */
  private async takeAll(
    tenants: TenantMigration,
    databases: readonly FleetDatabase[],
    phaseOf: (database: FleetDatabase) => Phase,
  ): Promise<void> {
    const { journal, options, run } = this.parts;
    await journal.plan(databases, phaseOf);
    for (const database of databases.filter((one) => !this.isWanted(one))) {
      const result = untouched(database, phaseOf(database));
      journal.finished(result);
      this.note(result);
    }
    const wanted = databases.filter((database) => this.isWanted(database));
    for (const phase of ['canary', 'rest'] as const) {
      const ofPhase = wanted.filter((database) => phaseOf(database) === phase);
      if (ofPhase.length === 0) continue;
      if (phase === 'rest' && this.isHeldBack) this.isPaused = true;
      if (this.isPaused) return;
      options.onPhase?.(phase, ofPhase.length);
      const failuresBefore = this.failures;
      await migrateTenants(tenants, phase, ofPhase);
      await journal.flush();
      if (phase === 'canary')
        this.isPaused = this.failures > failuresBefore || run.rollout.afterCanary === 'pause';
    }
  }

  private tenantMigration(servers: readonly DatabaseServer[]): TenantMigration {
    const { pool, journal, migrations, run } = this.parts;
    return {
      central: pool,
      journal,
      connections: this.connections,
      servers: new Map(servers.map((server) => [server.id, server])),
      migrations: migrations.tenant,
      rollout: run.rollout,
      mayBegin: () => this.mayBegin(),
      onResult: (result) => this.note(result),
    };
  }

  private isWanted(database: FleetDatabase): boolean {
    const { run } = this.parts;
    return run.rollout.visit === 'all' || lacks(database, run.target);
  }

  private mayBegin(): boolean {
    const { maxFailures } = this.parts.run.rollout;
    return !this.parts.options.signal.aborted && (maxFailures === null || this.failures < maxFailures);
  }

  private note(result: DatabaseResult): void {
    this.results.push(result);
    if (result.status === 'failed' && result.phase !== 'template') this.failures += 1;
    this.parts.options.onProgress?.(result);
  }
}
