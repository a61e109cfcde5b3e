import type { ServerDeps, ServerRecord } from './server-deps.js';
import { DEFAULT_SERVER } from './database-servers.js';
import { contentsOf, lockServer, settingsOf } from './server-rows.js';
import { databaseServerConflict } from './servers.errors.js';

/**
 * Forgets a server that nothing was ever on. One that has held databases is closed instead: their rows and moves name it.
 * Nothing is changed on the server itself.
 * @throws not_found, database_server_conflict
 */
export async function removeServer(
  { central }: Pick<ServerDeps, 'central'>,
  nameOrId: string,
  record: ServerRecord,
): Promise<void> {
  await central.db.$transaction(async (tx) => {
    const server = await lockServer(tx, nameOrId);
    const { id, name } = server;
    if (name === DEFAULT_SERVER) {
      throw databaseServerConflict('The settings name this server: every start would register it again.');
    }
    const contents = await contentsOf(tx, id);
    if (Object.values(contents).some((count) => count > 0)) {
      throw databaseServerConflict(
        `Databases are or were on ${name}, and their rows name it. Close it instead.`,
      );
    }
    await tx.databaseServer.delete({ where: { id } });
    await record(tx, { kind: 'removed', serverId: id, name, before: settingsOf(server), after: null });
  });
}
