import type { DatabaseServer } from '@nova/prisma-central';

import { notFound } from '../../platform/errors/common-errors.js';
import type { CentralClient, CentralTransaction } from '../central/central-database.js';
import { lockPlacement } from './choose-server.js';
import type { ServerSettings } from './server-deps.js';

/** How a command names a server: by its name or by its id. */
export async function findServer(
  db: CentralClient | CentralTransaction,
  nameOrId: string,
): Promise<DatabaseServer | null> {
  return db.databaseServer.findFirst({ where: { OR: [{ name: nameOrId }, { id: nameOrId }] } });
}

/** @throws not_found */
export async function requireServer(
  db: CentralClient | CentralTransaction,
  nameOrId: string,
): Promise<DatabaseServer> {
  const server = await findServer(db, nameOrId);
  if (!server) throw notFound(`There is no database server ${nameOrId}.`);
  return server;
}

/**
 * Reads a server's row and holds it until the transaction ends; nothing is placed on any server meanwhile, so that what
 * is counted of its databases stays true.
 * @throws not_found
 */
export async function lockServer(tx: CentralTransaction, nameOrId: string): Promise<DatabaseServer> {
  await lockPlacement(tx);
  const { id } = await requireServer(tx, nameOrId);
  await tx.$queryRaw`SELECT id FROM database_servers WHERE id = ${id} FOR UPDATE`;
  return requireServer(tx, id);
}

export function settingsOf(server: DatabaseServer): ServerSettings {
  const { state, host, port, region, weight, capacity, connectionBudget, poolerHost, poolerPort } = server;
  return { state, host, port, region, weight, capacity, connectionBudget, poolerHost, poolerPort };
}

/** What of a server's could be lost or stranded: its databases by status, and copies that a move has left on it. */
export interface ServerContents {
  /** In use, being made, or failed. */
  readonly living: number;
  /** Out of use, and not dropped yet. */
  readonly retiring: number;
  /** Dropped; their rows are kept. */
  readonly dropped: number;
  /** Moves from or to it that were neither confirmed nor reverted. */
  readonly openMoves: number;
  readonly closedMoves: number;
}

export async function contentsOf(tx: CentralTransaction, serverId: string): Promise<ServerContents> {
  const [contents] = await tx.$queryRaw<ServerContents[]>`
    SELECT d.*, m.*
      FROM (SELECT count(*) FILTER (WHERE status <> 'retired')::int AS living,
                   count(*) FILTER (WHERE status = 'retired' AND step <> 'dropped')::int AS retiring,
                   count(*) FILTER (WHERE status = 'retired' AND step = 'dropped')::int AS dropped
              FROM tenant_databases WHERE server_id = ${serverId}) d,
           (SELECT count(*) FILTER (WHERE state IN ('copying', 'switched'))::int AS "openMoves",
                   count(*) FILTER (WHERE state NOT IN ('copying', 'switched'))::int AS "closedMoves"
              FROM database_moves WHERE ${serverId} IN (from_server_id, to_server_id)) m`;
  return contents ?? { living: 0, retiring: 0, dropped: 0, openMoves: 0, closedMoves: 0 };
}
