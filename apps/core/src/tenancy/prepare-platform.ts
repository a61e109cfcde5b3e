import pg from 'pg';
import type { Logger } from 'pino';

import type { Config } from '../platform/config/config.schema.js';
import { secretBoxOf } from '../platform/crypto/secret-box.js';
import { withAdvisoryLock } from '../platform/postgres/advisory-lock.js';
import { migrateQueueSchema } from '../platform/queues/queue-backend.js';
import { loadMigrations } from './migrator/load-migrations.js';
import { migrateDatabase } from './migrator/migrate-database.js';
import { MIGRATION_FOLDERS } from './migrator/schema-versions.js';
import { withAdminClient, withClient } from './servers/admin-client.js';
import { clusterNames } from './servers/cluster-names.js';
import { readServers, registerDefaultServer } from './servers/database-servers.js';
import { closeToAll, hardenServer, openToAll } from './servers/harden-server.js';
import { prepareTemplate } from './servers/tenant-template.js';

const OTHER_PROCESS_WAIT_MS = 180_000;

type PrepareLog = Pick<Logger, 'info' | 'warn'>;

/**
 * Makes everything ready that the platform needs before it starts: the central schema, the servers with their templates
 * and closed doors, and the queues' schema. What is ready is left alone, so that every start may call this; two
 * processes that do so at once take turns. Tenant databases are migrated by `migrateFleet`.
 */
export async function preparePlatform(config: Config, log: PrepareLog | null = null): Promise<void> {
  await withClient(
    { connectionString: config.centralDatabaseUrl, application_name: 'nova-prepare' },
    (central) =>
      withAdvisoryLock(central, { name: 'nova:prepare', waitMs: OTHER_PROCESS_WAIT_MS }, async () => {
        await prepareCentral(central, config, log);
        await prepareServers(central, config, log);
        await migrateQueueSchema(config);
      }),
  );
}

async function prepareCentral(central: pg.Client, config: Config, log: PrepareLog | null): Promise<void> {
  const { applied, to } = await migrateDatabase(central, await loadMigrations(MIGRATION_FOLDERS.central));
  if (applied.length > 0) log?.info({ applied, version: to }, 'The central database was migrated.');
  const database = central.database ?? '';
  await closeToAll(central, database);
  if ((await openToAll(central, [database])).length > 0) {
    log?.warn(
      { database },
      'Any role can enter the central database: its owner must REVOKE CONNECT on it FROM PUBLIC.',
    );
  }
  await registerDefaultServer(central, config, secretBoxOf(config));
}

async function prepareServers(central: pg.Client, config: Config, log: PrepareLog | null): Promise<void> {
  const names = clusterNames(config.centralDatabaseUrl);
  const migrations = await loadMigrations(MIGRATION_FOLDERS.tenant);
  for (const server of await readServers(central, secretBoxOf(config))) {
    if (server.state === 'closed') continue;
    await withAdminClient(server, (admin) => hardenServer(admin, log));
    const outcome = await prepareTemplate(server, names, migrations);
    if (outcome)
      log?.info({ server: server.name, ...outcome }, 'The template of tenant databases was migrated.');
  }
}
