import type pg from 'pg';
import type { Logger } from 'pino';

import type { Config } from '../platform/config/config.schema.js';
import { withAdvisoryLock } from '../platform/postgres/advisory-lock.js';
import { openKeyRing } from './keys/key-ring.js';
import { prepareKeys } from './keys/prepare-keys.js';
import type { Migration } from './migrator/load-migrations.js';
import { migrateDatabase, type MigrationOutcome } from './migrator/migrate-database.js';
import { noteOutOfOrder } from './migrator/out-of-order.js';
import { loadBuildMigrations } from './migrator/schema-versions.js';
import { type DatabaseServer, withAdminClient, withClient } from './servers/admin-client.js';
import { clusterNames } from './servers/cluster-names.js';
import { readServers, registerDefaultServer } from './servers/database-servers.js';
import { recordDefaultPooler } from './servers/default-pooler.js';
import { closeToAll, hardenServer, openToAll } from './servers/harden-server.js';
import { prepareTemplate } from './servers/tenant-template.js';

const OTHER_PROCESS_WAIT_MS = 180_000;

type PrepareLog = Pick<Logger, 'info' | 'warn'>;

/**
 * Makes everything ready that the platform needs before it starts: the central schema, the queues' schema, and the servers
 * with their templates and closed doors. What is ready is left alone, so that every start may call this; processes
 * that do so at once take turns. Tenant databases are migrated by `migrateFleet`.
 */
export async function preparePlatform(config: Config, log: PrepareLog | null = null): Promise<void> {
  const migrations = await loadBuildMigrations();
  await withCentralClient(config, async (central) => {
    await prepareCentral(central, config, migrations.central, log);
    for (const server of await readServers(central, await openKeyRing(central, config))) {
      if (server.state === 'closed') continue;
      await prepareServer(server, config, migrations.tenant, log);
    }
  });
}

/** A direct connection to the central database, for migrations and locks. */
export function withCentralClient<T>(config: Config, work: (central: pg.Client) => Promise<T>): Promise<T> {
  return withClient({ connectionString: config.centralDatabaseUrl, application_name: 'nova-prepare' }, work);
}

/** Migrates the central database and the queues' schema, closes it to other roles, makes its data keys, and registers the default server. */
export async function prepareCentral(
  central: pg.Client,
  config: Config,
  migrations: readonly Migration[],
  log: PrepareLog | null,
): Promise<MigrationOutcome> {
  return withAdvisoryLock(central, { name: 'nova:prepare', waitMs: OTHER_PROCESS_WAIT_MS }, async () => {
    const outcome = await migrateDatabase(central, migrations);
    if (outcome.applied.length > 0) log?.info({ ...outcome }, 'The central database was migrated.');
    await closeCentral(central, log);
    await registerDefaultServer(central, config, await prepareKeys(central, config));
    await recordDefaultPooler(central, config);
    const { migrateQueueSchema } = await import('../platform/queues/migrate-queue-schema.js');
    await migrateQueueSchema(config);
    await closeQueues(config, log);
    return outcome;
  });
}

/** Closes a server's common databases, and makes or migrates its template; tells central of what its databases lack by that. */
export async function prepareServer(
  server: DatabaseServer,
  config: Config,
  migrations: readonly Migration[],
  log: PrepareLog | null,
): Promise<MigrationOutcome> {
  await withAdminClient(server, (admin) => hardenServer(admin, log));
  const outcome = await prepareTemplate(server, clusterNames(config.centralDatabaseUrl), migrations, {
    beforeApplying: (plan) =>
      withCentralClient(config, (central) => noteOutOfOrder(central, server.id, migrations, plan)),
  });
  if (outcome)
    log?.info({ server: server.name, ...outcome }, 'The template of tenant databases was migrated.');
  return outcome;
}

async function closeCentral(central: pg.Client, log: PrepareLog | null): Promise<void> {
  if (await close(central)) return;
  log?.warn(
    { database: central.database },
    'Any role can enter the central database: its owner must REVOKE CONNECT on it FROM PUBLIC.',
  );
}

/** The queues may have a database of their own, on the server of the tenants' databases too. */
async function closeQueues({ queue, centralDatabaseUrl }: Config, log: PrepareLog | null): Promise<void> {
  if (queue.backend !== 'postgres' || queue.url === centralDatabaseUrl) return;
  await withClient({ connectionString: queue.url, application_name: 'nova-prepare' }, async (client) => {
    if (await close(client)) return;
    log?.warn(
      { database: client.database },
      'Any role can enter the database of the queues: its owner must REVOKE CONNECT on it FROM PUBLIC.',
    );
  });
}

/** Closes the database of this connection to roles that were not let in by name; false when it stays open. */
async function close(client: pg.Client): Promise<boolean> {
  const database = client.database ?? '';
  if ((await openToAll(client, [database])).length === 0) return true;
  await closeToAll(client, database);
  return (await openToAll(client, [database])).length === 0;
}
