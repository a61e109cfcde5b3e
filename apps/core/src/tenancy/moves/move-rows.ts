import type { DatabaseMove, Prisma, TenantDatabase } from '@nova/prisma-central';

import { systemClock } from '../../platform/clock/clock.js';
import { newId } from '../../platform/ids/new-id.js';
import type { CentralClient, CentralTransaction } from '../central/central-database.js';
import { announce } from '../central/changes.js';
import { tenantMoveRefused } from '../tenancy.errors.js';
import type { TableContents } from './table-contents.js';

/** Where a move is that is not over: being copied, or switched over to the copy and not confirmed. */
export const OPEN_STATES = ['copying', 'switched'];
const FAILURE_LENGTH_MAX = 2_000;
/** Whose mark it is, in place of a process. */
const MOVED = 'moved';

/** The move of a database that is not over, if there is one. */
export function findOpenMove(db: CentralClient, databaseId: string): Promise<DatabaseMove | null> {
  return db.databaseMove.findFirst({ where: { tenantDatabaseId: databaseId, state: { in: OPEN_STATES } } });
}

/** Begins a move, or takes up the one to the same server that was cut off while copying. */
export async function beginMove(
  db: CentralClient,
  database: TenantDatabase,
  wanted: { toServerId: string; startedBy: string },
): Promise<DatabaseMove> {
  const open = await findOpenMove(db, database.id);
  if (open?.state === 'switched') {
    throw tenantMoveRefused(
      `The ${database.mode} database was moved before: confirm or revert that first (--confirm, --revert).`,
    );
  }
  if (open && open.toServerId !== wanted.toServerId) {
    throw tenantMoveRefused('A move to another server was cut off: finish it, or give it up with --cancel.');
  }
  if (open) return open;
  return db.databaseMove.create({
    data: {
      id: newId('mov'),
      tenantId: database.tenantId,
      tenantDatabaseId: database.id,
      fromServerId: database.serverId,
      ...wanted,
    },
  });
}

/** Writes down who did it, in the transaction that does it. */
export type RecordMove = (tx: CentralTransaction, move: DatabaseMove) => Promise<void>;

/**
 * From here on the tenant's database is the copy, in every process that hears of it. Nothing changes when the row has
 * changed since it was copied.
 */
export function switchOver(
  db: CentralClient,
  { move, database, contents }: { move: DatabaseMove; database: TenantDatabase; contents: TableContents[] },
  record: RecordMove,
): Promise<DatabaseMove> {
  return settle(db, { database, serverId: move.toServerId }, async (tx) => {
    const tables = contents.map((table) => ({ ...table })) satisfies Prisma.InputJsonArray;
    const switched = await tx.databaseMove.update({
      where: { id: move.id, state: 'copying' },
      data: { state: 'switched', tables, switchedAt: systemClock.now() },
    });
    await record(tx, switched);
    return switched;
  });
}

/** From here on the tenant's database is the old one again. The move is over when the copy is gone. */
export function switchBack(
  db: CentralClient,
  { move, database }: { move: DatabaseMove; database: TenantDatabase },
): Promise<DatabaseMove> {
  return settle(db, { database, serverId: move.fromServerId }, () => Promise.resolve(move));
}

/** One of the two copies is gone, and the move over. */
export function finishMove(
  db: CentralClient,
  move: DatabaseMove,
  state: 'confirmed' | 'reverted',
  record: RecordMove,
): Promise<DatabaseMove> {
  return db.$transaction(async (tx) => {
    const finished = await tx.databaseMove.update({
      where: { id: move.id, state: 'switched' },
      data: { state, finishedAt: systemClock.now() },
    });
    await record(tx, finished);
    return finished;
  });
}

/** The move is given up; the tenant is where it was. */
export async function recordFailedMove(
  db: CentralClient,
  move: DatabaseMove,
  failure: string,
): Promise<void> {
  await db.databaseMove.updateMany({
    where: { id: move.id, state: 'copying' },
    data: {
      state: 'failed',
      failure: failure.slice(0, FAILURE_LENGTH_MAX),
      finishedAt: systemClock.now(),
    },
  });
}

async function settle(
  db: CentralClient,
  { database, serverId }: { database: TenantDatabase; serverId: string },
  update: (tx: CentralTransaction) => Promise<DatabaseMove>,
): Promise<DatabaseMove> {
  return db.$transaction(async (tx) => {
    const { id, serverId: from, configVersion, roleName } = database;
    const { count } = await tx.tenantDatabase.updateMany({
      where: { id, status: 'active', serverId: from, configVersion, roleName },
      data: { serverId, configVersion: { increment: 1 }, updatedAt: systemClock.now() },
    });
    if (count === 0) throw tenantMoveRefused('The database was changed while it was being moved: try again.');
    const move = await update(tx);
    // The sweeper looks after it: what the last writes were to cause may have been cut off.
    await tx.$executeRaw`
      INSERT INTO dirty_marks (tenant_database_id, process_id, lease_until) VALUES (${id}, ${MOVED}, now())
      ON CONFLICT (tenant_database_id, process_id) DO UPDATE SET lease_until = excluded.lease_until`;
    await announce(tx, { kind: 'tenant', tenantId: database.tenantId });
    return move;
  });
}
