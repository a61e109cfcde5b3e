import type { DatabaseServer } from '@nova/prisma-central';

import { newId } from '../../platform/ids/new-id.js';
import { addressOf } from './database-servers.js';
import { identityOf, inspectServer } from './inspect-server.js';
import { openServer } from './open-server.js';
import type { ServerDeps, ServerRecord } from './server-deps.js';
import { findServer, settingsOf } from './server-rows.js';
import { databaseServerConflict } from './servers.errors.js';
import { tlsParametersOf } from './tenant-url.js';

export interface NewServer {
  readonly name: string;
  readonly adminUrl: string;
  readonly region: string;
  readonly weight: number;
  readonly capacity: number | null;
  readonly connectionBudget: number | null;
  readonly pooler: { readonly host: string; readonly port: number } | null;
}

/**
 * Registers a server, makes it ready, and only then lets databases be made on it. A call that was cut off is finished by
 * the same call again: until it is ready, the server is `draining` and takes nothing.
 * @throws database_server_conflict, database_server_unfit, database_server_unreachable
 */
export async function addServer(
  deps: ServerDeps,
  input: NewServer,
  record: ServerRecord,
): Promise<DatabaseServer> {
  await inspectServer(input.adminUrl);
  const begun = await findBegun(deps, input);
  if (!begun) {
    await refuseRegistered(deps, input.adminUrl);
    await insert(deps, input, record);
  }
  return openServer(deps, input.name, record);
}

/** The row of an earlier call that was cut off before the server was open. @throws database_server_conflict */
async function findBegun({ central, keys }: ServerDeps, input: NewServer): Promise<DatabaseServer | null> {
  const known = await findServer(central.db, input.name);
  if (!known) return null;
  const databases = await central.db.tenantDatabase.count({ where: { serverId: known.id } });
  const isSame = (await keys.open(known.adminUrlSealed, known.id)) === input.adminUrl;
  if (known.state === 'draining' && databases === 0 && isSame) return known;
  throw databaseServerConflict(`There is a database server ${known.name} already.`);
}

/** Two rows of one server would each count its databases and connections for themselves. */
async function refuseRegistered({ central, keys }: ServerDeps, adminUrl: string): Promise<void> {
  const { host, port } = addressOf(adminUrl);
  const identity = await identityOf(adminUrl);
  for (const server of await central.db.databaseServer.findMany()) {
    const isSame =
      (server.host === host && server.port === port) ||
      (identity !== null &&
        (await identityIfReachable(await keys.open(server.adminUrlSealed, server.id))) === identity);
    if (isSame)
      throw databaseServerConflict(`That is the database server ${server.name}, by its address or itself.`);
  }
}

/** A registered server that is away is known by its address only. */
function identityIfReachable(adminUrl: string): Promise<string | null> {
  return identityOf(adminUrl).catch(() => null);
}

async function insert({ central, keys }: ServerDeps, input: NewServer, record: ServerRecord): Promise<void> {
  const { adminUrl, pooler, ...rest } = input;
  const id = newId('srv');
  const adminUrlSealed = await keys.seal(adminUrl, id);
  await central.db.$transaction(async (tx) => {
    const server = await tx.databaseServer.create({
      data: {
        id,
        ...rest,
        ...addressOf(adminUrl),
        parameters: tlsParametersOf(adminUrl),
        adminUrlSealed,
        poolerHost: pooler?.host ?? null,
        poolerPort: pooler?.port ?? null,
        state: 'draining',
      },
    });
    await record(tx, {
      kind: 'added',
      serverId: id,
      name: server.name,
      before: null,
      after: settingsOf(server),
    });
  });
}
