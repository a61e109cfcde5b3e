import type { CentralClient } from '../central/central-database.js';
import type { ServerSettings } from './server-deps.js';
import { settingsOf } from './server-rows.js';

/** A database server as its row has it. */
export interface ListedServer extends ServerSettings {
  readonly id: string;
  readonly name: string;
  /** Tenant databases that are not retired. */
  readonly databases: number;
}

/** Every database server, by name. Asks none of them: `nova health` does. */
export async function listServers(db: CentralClient): Promise<ListedServer[]> {
  const servers = await db.databaseServer.findMany({
    orderBy: { name: 'asc' },
    include: { _count: { select: { databases: { where: { status: { not: 'retired' } } } } } },
  });
  return servers.map((server) => ({
    id: server.id,
    name: server.name,
    ...settingsOf(server),
    databases: server._count.databases,
  }));
}
