import type { TenantDatabase } from '@nova/prisma-central';

import type { Config } from '../../platform/config/config.schema.js';
import type { CentralDatabase } from '../central/central-database.js';
import type { KeyRing } from '../keys/key-ring.js';
import { withAdminClient } from '../servers/admin-client.js';
import { clusterNames } from '../servers/cluster-names.js';
import { readServers } from '../servers/database-servers.js';
import { copyNames, dropCopy, findCopies } from './database-copies.js';

export interface CopyDeps {
  readonly central: Pick<CentralDatabase, 'pool'>;
  readonly keys: KeyRing;
  readonly config: Pick<Config, 'centralDatabaseUrl'>;
}

/**
 * Drops what restoring has left of a tenant database: the one whose place was taken, and one that was cut off. Every
 * server is looked at that is not closed, for the tenant may have been moved since. Answers the names.
 */
export async function dropOldDatabases(
  { central, keys, config }: CopyDeps,
  database: Pick<TenantDatabase, 'id' | 'databaseName'>,
): Promise<string[]> {
  const names = copyNames(clusterNames(config.centralDatabaseUrl), database);
  const dropped: string[] = [];
  for (const server of await readServers(central.pool, keys)) {
    if (server.state === 'closed') continue;
    await withAdminClient(server, async (admin) => {
      const present = await findCopies(admin, names);
      for (const which of ['old', 'fresh'] as const) {
        if (!present[which]) continue;
        await dropCopy(admin, names[which]);
        dropped.push(names[which]);
      }
    });
  }
  return dropped;
}
