import type { DatabaseMove, TenantDatabase } from '@nova/prisma-central';

import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { compareCopies } from '../../tenancy/moves/copy-database.js';
import { finishMove, switchBack } from '../../tenancy/moves/move-rows.js';
import { dropDatabaseAndRole } from '../../tenancy/provisioning/drop-database.js';
import { type DatabaseServer, withAdminClient } from '../../tenancy/servers/admin-client.js';
import { readServer } from '../../tenancy/servers/database-servers.js';
import { tenantMoveRefused } from '../../tenancy/tenancy.errors.js';
import type { Caller } from '../audit/caller.js';
import type { LifeDeps, Progress } from '../tenant-life/life-deps.js';
import { moveRecord } from './move-record.js';
import { endOwnMaintenance, letIn, shutOut, underMaintenance } from './move-steps.js';
import { abandonMove } from './move-tenant.js';

/** What requests leave behind without changing anything that a tenant would miss. */
const NOT_MISSED = ['request_log', 'idempotency_records'];

interface OpenMove {
  readonly move: DatabaseMove;
  readonly database: TenantDatabase;
  readonly from: DatabaseServer;
  readonly to: DatabaseServer;
}

/**
 * Drops the old copies of a tenant that was moved. There is no way back afterwards but another move.
 * @throws tenant_move_refused, tenant_busy
 */
export function confirmMove(deps: LifeDeps, caller: Caller, tell: Progress): Promise<DatabaseMove[]> {
  return onOpenMoves(deps, caller, 'switched', async (open) => {
    const { move, database, from, to } = open;
    if (database.serverId !== to.id)
      throw tenantMoveRefused('The move is being reverted: finish that first.');
    await tell(`Dropping the old copy of the ${database.mode} database on ${from.name}`);
    await dropCopy(from, database);
    const record = moveRecord(caller, 'tenant.move_confirmed', { from: from.name, to: to.name });
    return finishMove(deps.central.db, move, 'confirmed', record);
  });
}

/**
 * Goes back to the old copies, as long as nothing was written since: what was would be lost. Then another move, back to
 * the old server, is the way.
 * @throws tenant_move_refused, tenant_busy
 */
export async function revertMove(deps: LifeDeps, caller: Caller, tell: Progress): Promise<DatabaseMove[]> {
  return onOpenMoves(deps, caller, 'switched', (open) =>
    underMaintenance(deps, caller.tenantId, async () => {
      const { move, database, from, to } = open;
      if (database.serverId === to.id) await goBack(deps, open, tell);
      await tell(`Dropping the copy of the ${database.mode} database on ${to.name}`);
      await dropCopy(to, database);
      const record = moveRecord(caller, 'tenant.move_reverted', { from: to.name, to: from.name });
      return finishMove(deps.central.db, move, 'reverted', record);
    }),
  );
}

/**
 * Gives up moves that were cut off while copying: the tenant is where it was.
 * @throws tenant_move_refused, tenant_busy
 */
export async function cancelMove(deps: LifeDeps, caller: Caller, tell: Progress): Promise<DatabaseMove[]> {
  const moves = await onOpenMoves(deps, caller, 'copying', async ({ move, database }) => {
    await tell(`Giving up the move of the ${database.mode} database`);
    await abandonMove(deps, move, 'It was cancelled by the operator.');
    return deps.central.db.databaseMove.findUniqueOrThrow({ where: { id: move.id } });
  });
  await endOwnMaintenance(deps, caller.tenantId);
  return moves;
}

async function goBack(deps: LifeDeps, { move, database, from, to }: OpenMove, tell: Progress): Promise<void> {
  await tell(`Comparing both copies of the ${database.mode} database`);
  await shutOut(deps, to, database);
  const different = await compareCopies({ database, from, to }, NOT_MISSED);
  if (different.length > 0) {
    await letIn(to, database);
    await endOwnMaintenance(deps, database.tenantId);
    throw tenantMoveRefused(
      `The ${database.mode} database was written to since it was moved: ${different.join('; ')}. Confirm the move, and move the tenant back.`,
    );
  }
  await letIn(from, database);
  await switchBack(deps.central.db, { move, database });
}

async function dropCopy(server: DatabaseServer, database: TenantDatabase): Promise<void> {
  await withAdminClient(server, (admin) => dropDatabaseAndRole(admin, database, { drainMs: 0 }));
}

async function onOpenMoves(
  deps: LifeDeps,
  { tenantId }: Caller,
  state: 'copying' | 'switched',
  work: (open: OpenMove) => Promise<DatabaseMove>,
): Promise<DatabaseMove[]> {
  const { db, pool } = deps.central;
  return withTenantLock(deps.config, tenantId, async () => {
    const moves = await db.databaseMove.findMany({ where: { tenantId, state }, orderBy: { id: 'asc' } });
    if (moves.length === 0) throw tenantMoveRefused(`The tenant has no move that is ${state}.`);
    const done: DatabaseMove[] = [];
    for (const move of moves) {
      const database = await db.tenantDatabase.findUniqueOrThrow({ where: { id: move.tenantDatabaseId } });
      const from = await readServer(pool, deps.keys, move.fromServerId);
      const to = await readServer(pool, deps.keys, move.toServerId);
      done.push(await work({ move, database, from, to }));
    }
    return done;
  });
}
