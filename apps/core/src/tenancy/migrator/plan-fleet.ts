import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { openKeyRing } from '../keys/key-ring.js';
import { withCentralClient } from '../prepare-platform.js';
import type { DatabaseServer } from '../servers/admin-client.js';
import { type ClusterNames, clusterNames } from '../servers/cluster-names.js';
import { readServers } from '../servers/database-servers.js';
import { templateVersion } from '../servers/tenant-template.js';
import {
  canariesOf,
  type FleetDatabase,
  lacks,
  requireKnownNames,
  selectDatabases,
} from './fleet-databases.js';
import type { Migration } from './load-migrations.js';
import { readMigrationLog } from './migration-log.js';
import type { Phase } from './migration-runs.js';
import { planMigrations } from './plan-migrations.js';
import { type Rollout, RolloutSchema } from './rollout.js';
import { loadBuildMigrations, type MigrationSet } from './schema-versions.js';
import { ServerConnections } from './server-connections.js';
import { stealWork } from './steal-work.js';

/** What a run would do to one database. */
export interface PlannedDatabase {
  readonly id: string;
  readonly name: string;
  readonly mode: string | null;
  readonly phase: Phase;
  readonly version: string | null;
  readonly migrations: readonly string[];
  /** Why it would fail, as far as can be seen without trying. */
  readonly problem: string | null;
}

export interface FleetPlan {
  readonly target: string;
  /** Those that a run would do something to, in its order. */
  readonly databases: readonly PlannedDatabase[];
  /** Tenant databases that lack nothing. */
  readonly upToDate: number;
  /** What would be sent to PostgreSQL, by migration. */
  readonly sql: Readonly<Record<string, string>>;
  /** What the plan could not look at. */
  readonly note: string | null;
}

/**
 * Says what a run would do, and does nothing. Databases that something would be done to are asked for their own history,
 * so that one that cannot be reached, or would refuse, is known before the run.
 */
export async function planFleet(
  config: Config,
  wanted: Partial<Rollout>,
  given: MigrationSet | null = null,
): Promise<FleetPlan> {
  const migrations = given ?? (await loadBuildMigrations());
  const rollout = RolloutSchema.parse(wanted);
  return withCentralClient(config, async (central) => {
    // Whatever is asked of central here must not be able to change it.
    await central.query('SET default_transaction_read_only = on');
    const first = planned(
      { id: 'central', name: 'central', mode: null, phase: 'central' },
      migrations.central,
      await readMigrationLog(central),
    );
    const { rows } = await central.query<{ there: boolean }>(
      `SELECT to_regclass('tenant_databases') IS NOT NULL AS there`,
    );
    const fleet = rows[0]?.there
      ? await planTenants(central, config, { rollout, migrations, visits: first.migrations.length === 0 })
      : { databases: [], upToDate: 0, note: 'The central database has no tables yet.' };
    const databases = [first, ...fleet.databases].filter((one) => one.migrations.length > 0 || one.problem);
    return {
      ...fleet,
      target: migrations.tenant.at(-1)?.name ?? 'empty',
      databases,
      sql: sqlOf(databases, migrations),
    };
  });
}

interface TenantPlan {
  readonly rollout: Rollout;
  readonly migrations: MigrationSet;
  /** A central database that has to be migrated first may lack what is needed to open the others. */
  readonly visits: boolean;
}

async function planTenants(
  central: pg.Client,
  config: Config,
  { rollout, migrations, visits }: TenantPlan,
): Promise<Pick<FleetPlan, 'databases' | 'upToDate' | 'note'>> {
  await requireKnownNames(central, rollout);
  const target = migrations.tenant.at(-1)?.name ?? '';
  const selected = await selectDatabases(central, rollout);
  const wanted = selected.filter((database) => rollout.visit === 'all' || lacks(database, target));
  const canaries = canariesOf(
    rollout.canary && 'count' in rollout.canary ? wanted : selected,
    rollout,
    'a dry run',
  );
  const phaseOf = ({ id }: FleetDatabase): Phase => (canaries.has(id) ? 'canary' : 'rest');
  const upToDate = selected.length - wanted.length;
  if (!visits) {
    const note = 'Tenant databases were not asked: the central database has to be migrated first.';
    const databases = wanted.map((one) =>
      byVersion(aboutTenant(one, phaseOf(one)), one.version, migrations.tenant),
    );
    return { databases: inOrder(databases), upToDate, note };
  }
  const visitor = new Visitor(migrations.tenant);
  const servers = await readServers(central, await openKeyRing(central, config));
  const templates = servers.filter(
    ({ name, id, state }) =>
      state !== 'closed' && (rollout.server === null || [name, id].includes(rollout.server)),
  );
  const names = clusterNames(config.centralDatabaseUrl);
  const databases = await Promise.all(templates.map((server) => visitor.template(server, names)));
  const places = { count: rollout.concurrency, lendAfterMs: 2_000, mayBegin: () => true };
  await stealWork(wanted, places, async (database) => {
    const server = servers.find(({ id }) => id === database.serverId);
    databases.push(await visitor.tenant(server, database, phaseOf(database)));
  });
  const idle = databases.filter((one) => isTenant(one) && one.migrations.length === 0 && !one.problem).length;
  return { databases: inOrder(databases), upToDate: upToDate + idle, note: null };
}

type About = Pick<PlannedDatabase, 'id' | 'name' | 'mode' | 'phase'>;

/** Reads what databases say of themselves. */
class Visitor {
  private readonly connections = new ServerConnections();

  constructor(private readonly migrations: readonly Migration[]) {}

  /** Nobody can enter a template but while it is migrated, so that what its comment says is taken. */
  async template(server: DatabaseServer, names: ClusterNames): Promise<PlannedDatabase> {
    const about: About = { id: `template:${server.id}`, name: server.name, mode: null, phase: 'template' };
    try {
      const version = await this.connections.with(server, null, (admin) => templateVersion(admin, names));
      return byVersion(about, version, this.migrations);
    } catch (error) {
      return failing(about, null, error);
    }
  }

  async tenant(
    server: DatabaseServer | undefined,
    database: FleetDatabase,
    phase: Phase,
  ): Promise<PlannedDatabase> {
    const about = aboutTenant(database, phase);
    try {
      if (!server) throw new Error(`There is no database server ${database.serverId}.`);
      const log = await this.connections.with(server, database.databaseName, readMigrationLog);
      return planned(about, this.migrations, log);
    } catch (error) {
      return failing(about, database.version, error);
    }
  }
}

function aboutTenant({ id, slug, mode }: FleetDatabase, phase: Phase): About {
  return { id, name: slug, mode, phase };
}

function planned(
  about: About,
  migrations: readonly Migration[],
  log: Awaited<ReturnType<typeof readMigrationLog>>,
): PlannedDatabase {
  try {
    const { pending, newest } = planMigrations(migrations, log);
    return { ...about, version: newest, migrations: pending.map(({ name }) => name), problem: null };
  } catch (error) {
    return failing(about, null, error);
  }
}

function byVersion(about: About, version: string | null, migrations: readonly Migration[]): PlannedDatabase {
  const pending = migrations.filter(({ name }) => version === null || name > version);
  return { ...about, version, migrations: pending.map(({ name }) => name), problem: null };
}

function failing(about: About, version: string | null, error: unknown): PlannedDatabase {
  const problem = error instanceof Error ? error.message : String(error);
  return { ...about, version, migrations: [], problem };
}

const ORDER: readonly Phase[] = ['central', 'template', 'canary', 'rest'];

const isTenant = ({ phase }: PlannedDatabase) => phase === 'canary' || phase === 'rest';

function inOrder(databases: readonly PlannedDatabase[]): PlannedDatabase[] {
  return databases.toSorted(
    (a, b) =>
      ORDER.indexOf(a.phase) - ORDER.indexOf(b.phase) ||
      a.name.localeCompare(b.name) ||
      (a.mode ?? '').localeCompare(b.mode ?? ''),
  );
}

function sqlOf(
  databases: readonly PlannedDatabase[],
  { central, tenant }: MigrationSet,
): Record<string, string> {
  const used = new Set(databases.flatMap(({ migrations }) => migrations));
  return Object.fromEntries(
    [...central, ...tenant]
      .filter(({ name }) => used.has(name))
      .map(({ name, statements }) => [name, statements.join('-- nova:next-statement\n')]),
  );
}
