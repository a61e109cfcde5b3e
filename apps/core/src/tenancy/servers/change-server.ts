import type { DatabaseServer } from '@nova/prisma-central';

import { systemClock } from '../../platform/clock/clock.js';
import type { CentralTransaction } from '../central/central-database.js';
import { announceServer } from './announce-server.js';
import { addressOf, DEFAULT_SERVER } from './database-servers.js';
import { inspectServer, missingDatabases } from './inspect-server.js';
import type { ServerDeps, ServerRecord } from './server-deps.js';
import { lockServer, requireServer, settingsOf } from './server-rows.js';
import { databaseServerConflict, databaseServerUnfit } from './servers.errors.js';
import { tlsParametersOf } from './tenant-url.js';

/** What is absent stays as it is; null takes a limit or the pooler away. */
export interface ServerUpdate {
  readonly adminUrl?: string;
  readonly region?: string;
  readonly weight?: number;
  readonly capacity?: number | null;
  readonly connectionBudget?: number | null;
  readonly pooler?: { readonly host: string; readonly port: number } | null;
}

/**
 * Changes what is decided of a server; every process goes by it within two seconds. Databases that are on it stay there.
 * A new administrator's URL may be another address of the same server or of a copy that has taken its place: every
 * database has to be there.
 * @throws not_found, database_server_conflict, database_server_unfit, database_server_unreachable
 */
export async function changeServer(
  deps: ServerDeps,
  nameOrId: string,
  update: ServerUpdate,
  record: ServerRecord,
): Promise<DatabaseServer> {
  const { central, keys } = deps;
  const { id, name } = await requireServer(central.db, nameOrId);
  refuseSettingsOwn(name, update);
  const { adminUrl, pooler, ...plain } = update;
  if (adminUrl !== undefined) await inspectSuccessor(deps, id, adminUrl);
  const address =
    adminUrl === undefined
      ? {}
      : {
          ...addressOf(adminUrl),
          parameters: tlsParametersOf(adminUrl),
          adminUrlSealed: await keys.seal(adminUrl, id),
        };
  const through =
    pooler === undefined ? {} : { poolerHost: pooler?.host ?? null, poolerPort: pooler?.port ?? null };
  return central.db.$transaction(async (tx) => {
    const before = await lockServer(tx, id);
    if (update.region !== undefined && update.region !== before.region) await refuseBound(tx, before);
    const after = await tx.databaseServer.update({
      where: { id },
      data: { ...plain, ...address, ...through, updatedAt: systemClock.now() },
    });
    await announceServer(tx, id);
    await record(tx, {
      kind: 'updated',
      serverId: id,
      name,
      before: settingsOf(before),
      after: settingsOf(after),
    });
    return after;
  });
}

function refuseSettingsOwn(name: string, { adminUrl, pooler }: ServerUpdate): void {
  if (name !== DEFAULT_SERVER) return;
  const setting =
    adminUrl !== undefined ? 'INTERNAL_POSTGRES_URL' : pooler !== undefined ? 'TENANT_POOLER_URL' : null;
  if (setting === null) return;
  throw databaseServerConflict(
    `${setting} says this of the default server, and the next start would take that over. Change it there.`,
  );
}

async function inspectSuccessor({ central }: ServerDeps, id: string, adminUrl: string): Promise<void> {
  await inspectServer(adminUrl);
  const databases = await central.db.tenantDatabase.findMany({
    where: { serverId: id, status: 'active' },
    select: { databaseName: true },
  });
  const missing = await missingDatabases(
    adminUrl,
    databases.map(({ databaseName }) => databaseName),
  );
  if (missing.length === 0) return;
  throw databaseServerUnfit(
    `That server lacks ${missing.length} of the tenant databases, ${missing.slice(0, 3).join(', ')} among them.`,
  );
}

/** Tenants that have to stay in a region would be outside of it without having been moved. */
async function refuseBound(tx: CentralTransaction, { id, name, region }: DatabaseServer): Promise<void> {
  const bound = await tx.tenant.count({
    where: { region, databases: { some: { serverId: id, status: { not: 'retired' } } } },
  });
  if (bound === 0) return;
  throw databaseServerConflict(
    `${bound} tenants on ${name} have to stay in the region ${region}. Move them first.`,
  );
}
