import type { Config } from '@nova/core/platform/config/config.schema.js';

import type { Steps } from '../output/steps.js';

/**
 * Brings all databases up to what this build needs. Tenants' databases are only opened when central knows of some that
 * are behind; one that cannot be migrated is named and keeps nobody else from working.
 */
export async function prepareDatabases(config: Config, steps: Steps): Promise<void> {
  const { preparePlatform } = await import('@nova/core/tenancy/prepare-platform.js');
  await steps.run('Preparing the databases', () => preparePlatform(config));
  const { migrationStatus } = await import('@nova/core/tenancy/migrator/migration-status.js');
  const { stragglers } = await migrationStatus(config);
  if (stragglers.length === 0) return;
  const { migrateFleet } = await import('@nova/core/tenancy/migrator/migrate-fleet.js');
  const run = await steps.run(`Migrating tenant databases (${stragglers.length})`, () =>
    migrateFleet(config, { startedBy: 'nova dev' }),
  );
  for (const { id, status, error } of run.results) {
    if (status === 'failed') steps.note(`${id} was not migrated: ${error}`);
  }
}
