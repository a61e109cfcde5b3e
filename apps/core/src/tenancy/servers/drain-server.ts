import type { DatabaseServer } from '@nova/prisma-central';

import { systemClock } from '../../platform/clock/clock.js';
import type { CentralTransaction } from '../central/central-database.js';
import type { ServerDeps, ServerRecord } from './server-deps.js';
import { contentsOf, lockServer, settingsOf } from './server-rows.js';
import { databaseServerConflict } from './servers.errors.js';

/**
 * Lets no new databases be made on a server. Those that are there are served as before, until they are moved.
 * @throws not_found
 */
export function drainServer(
  deps: Pick<ServerDeps, 'central'>,
  nameOrId: string,
  record: ServerRecord,
): Promise<DatabaseServer> {
  return changeState(deps, nameOrId, { state: 'draining', kind: 'drained', record });
}

/**
 * Takes a server out of use, once nothing is on it any more: it is neither prepared, migrated nor looked after.
 * @throws not_found, database_server_conflict
 */
export function closeServer(
  deps: Pick<ServerDeps, 'central'>,
  nameOrId: string,
  record: ServerRecord,
): Promise<DatabaseServer> {
  return changeState(deps, nameOrId, { state: 'closed', kind: 'updated', record, allow: refuseInUse });
}

async function changeState(
  { central }: Pick<ServerDeps, 'central'>,
  nameOrId: string,
  change: {
    state: 'draining' | 'closed';
    kind: 'drained' | 'updated';
    record: ServerRecord;
    allow?: (tx: CentralTransaction, server: DatabaseServer) => Promise<void>;
  },
): Promise<DatabaseServer> {
  return central.db.$transaction(async (tx) => {
    const before = await lockServer(tx, nameOrId);
    if (before.state === change.state) return before;
    await change.allow?.(tx, before);
    const after = await tx.databaseServer.update({
      where: { id: before.id },
      data: { state: change.state, updatedAt: systemClock.now() },
    });
    await change.record(tx, {
      kind: change.kind,
      serverId: after.id,
      name: after.name,
      before: settingsOf(before),
      after: settingsOf(after),
    });
    return after;
  });
}

async function refuseInUse(tx: CentralTransaction, { id, name }: DatabaseServer): Promise<void> {
  const { living, retiring, openMoves } = await contentsOf(tx, id);
  const reasons = [
    ...(living > 0 ? [`${living} tenant databases`] : []),
    ...(retiring > 0 ? [`${retiring} databases that are still to be dropped`] : []),
    ...(openMoves > 0 ? [`${openMoves} moves that are not confirmed`] : []),
  ];
  if (reasons.length === 0) return;
  throw databaseServerConflict(`${name} has ${reasons.join(', ')}. Drain it and move them first.`);
}
