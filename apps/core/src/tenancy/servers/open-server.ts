import type { DatabaseServer } from '@nova/prisma-central';

import { systemClock } from '../../platform/clock/clock.js';
import { loadBuildMigrations } from '../migrator/schema-versions.js';
import { prepareServer } from '../prepare-platform.js';
import { readServer } from './database-servers.js';
import { inspectServer } from './inspect-server.js';
import type { ServerDeps, ServerRecord } from './server-deps.js';
import { lockServer, requireServer, settingsOf } from './server-rows.js';

/**
 * Lets new databases be made on a server, after it was made ready: one that was closed has missed what releases since then
 * have brought to its template.
 * @throws not_found, database_server_unfit, database_server_unreachable
 */
export async function openServer(
  deps: ServerDeps,
  nameOrId: string,
  record: ServerRecord,
): Promise<DatabaseServer> {
  const { central, config, keys, log } = deps;
  const { id } = await requireServer(central.db, nameOrId);
  const server = await readServer(central.pool, keys, id);
  await inspectServer(server.adminUrl);
  const migrations = await loadBuildMigrations();
  await prepareServer(server, config, migrations.tenant, log);
  return central.db.$transaction(async (tx) => {
    const before = await lockServer(tx, id);
    if (before.state === 'open') return before;
    const after = await tx.databaseServer.update({
      where: { id },
      data: { state: 'open', updatedAt: systemClock.now() },
    });
    await record(tx, {
      kind: 'updated',
      serverId: id,
      name: after.name,
      before: settingsOf(before),
      after: settingsOf(after),
    });
    return after;
  });
}
