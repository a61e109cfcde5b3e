import type { DatabaseMove, TenantDatabase } from '@nova/prisma-central';

import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { copyDatabase } from '../../tenancy/moves/copy-database.js';
import { holdOffRollouts } from '../../tenancy/moves/hold-off-rollouts.js';
import { beginMove, recordFailedMove, switchOver } from '../../tenancy/moves/move-rows.js';
import { dropDatabaseAndRole } from '../../tenancy/provisioning/drop-database.js';
import { type DatabaseServer, withAdminClient } from '../../tenancy/servers/admin-client.js';
import { clusterNames } from '../../tenancy/servers/cluster-names.js';
import { readServer } from '../../tenancy/servers/database-servers.js';
import { tenantMoveRefused } from '../../tenancy/tenancy.errors.js';
import type { Caller } from '../audit/caller.js';
import type { LifeDeps, Progress } from '../tenant-life/life-deps.js';
import { databasesOf, serverOf } from '../tenant-life/tenant-databases.js';
import { moveRecord } from './move-record.js';
import { endOwnMaintenance, letIn, shutOut, underMaintenance } from './move-steps.js';
import { requireTarget } from './require-target.js';

const OTHER_PROCESS_WAIT_MS = 60_000;

interface MoveOptions {
  /** The name of the server. */
  readonly to: string;
  readonly modes: readonly string[];
}

/**
 * Moves a tenant's databases to another server: maintenance, copy, comparison of every table, switch. The old copies are
 * kept, closed, until `confirmMove`. Run again after a crash at any line it goes on or starts over; when the copy cannot
 * be made the tenant stays where it was and is served again.
 * @returns the moves that were made; none when everything is there already
 * @throws tenant_move_refused, tenant_busy, not_found
 */
export function moveTenant(
  deps: LifeDeps,
  caller: Caller,
  options: MoveOptions,
  tell: Progress,
): Promise<DatabaseMove[]> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, () =>
    holdOffRollouts(deps.config, async () => {
      const databases = (await databasesOf(deps, tenantId)).filter(({ mode }) =>
        options.modes.includes(mode),
      );
      const target = await requireTarget(deps, tenantId, options.to);
      const elsewhere = databases.filter(({ serverId }) => serverId !== target.id);
      if (elsewhere.length === 0) {
        // An interrupted run may have come as far as this.
        await endOwnMaintenance(deps, tenantId);
        return [];
      }
      // All that can be refused is refused before anybody is shut out.
      const begun: OneMove[] = [];
      for (const database of elsewhere)
        begun.push(await OneMove.begin({ deps, caller, database, target, tell }));
      return underMaintenance(deps, tenantId, async () => {
        const moves: DatabaseMove[] = [];
        for (const move of begun) moves.push(await move.run());
        return moves;
      });
    }),
  );
}

interface MoveSubject {
  readonly deps: LifeDeps;
  readonly caller: Caller;
  readonly database: TenantDatabase;
  readonly target: DatabaseServer;
  readonly tell: Progress;
}

/** The move of one database. */
class OneMove {
  private constructor(
    private readonly subject: MoveSubject,
    private readonly move: DatabaseMove,
  ) {}

  static async begin(subject: MoveSubject): Promise<OneMove> {
    const { deps, database, target, caller } = subject;
    const startedBy = caller.actor.id ?? 'unknown';
    const move = await beginMove(deps.central.db, database, { toServerId: target.id, startedBy });
    return new OneMove(subject, move);
  }

  async run(): Promise<DatabaseMove> {
    const { deps, database } = this.subject;
    const from = await serverOf(deps, database);
    try {
      return await withAdminClient(from, (admin) =>
        // Who rotates the password of this database, or provisions it, holds the same lock.
        withAdvisoryLock(admin, { name: `nova:${database.id}`, waitMs: OTHER_PROCESS_WAIT_MS }, () =>
          this.copyAndSwitch(from),
        ),
      );
    } catch (error) {
      await abandonMove(deps, this.move, error instanceof Error ? error.message : String(error));
      await endOwnMaintenance(deps, database.tenantId);
      throw error;
    }
  }

  private async copyAndSwitch(from: DatabaseServer): Promise<DatabaseMove> {
    const { deps, database, target: to, caller, tell } = this.subject;
    await tell(`Waiting until nothing goes on in the ${database.mode} database`);
    await shutOut(deps, from, database);
    await tell(`Copying the ${database.mode} database to ${to.name} and comparing every table`);
    const contents = await copyDatabase({
      database,
      from,
      to,
      names: clusterNames(deps.config.centralDatabaseUrl),
      password: await deps.keys.open(database.passwordSealed, database.tenantId),
    });
    await tell(`Switching the ${database.mode} database over`);
    return switchOver(
      deps.central.db,
      { move: this.move, database, contents },
      moveRecord(caller, 'tenant.moved', { from: from.name, to: to.name }),
    );
  }
}

/**
 * Gives up a move that has not switched: drops what there is of the copy and lets the tenant into its database again. When
 * a server cannot be reached for that, the move stays open and its tenant under maintenance, for the next run.
 */
export async function abandonMove(deps: LifeDeps, move: DatabaseMove, failure: string): Promise<void> {
  const { db, pool } = deps.central;
  const now = await db.databaseMove.findUniqueOrThrow({ where: { id: move.id } });
  const database = await db.tenantDatabase.findUniqueOrThrow({ where: { id: move.tenantDatabaseId } });
  if (now.state !== 'copying' || database.serverId !== move.fromServerId) {
    throw tenantMoveRefused('The move has switched over already: run it again to finish it.');
  }
  const [from, to] = await Promise.all(
    [move.fromServerId, move.toServerId].map((id) => readServer(pool, deps.keys, id)),
  );
  if (!from || !to) throw new Error('A move has two servers.');
  await letIn(from, database);
  await recordFailedMove(db, move, failure);
  // What is left there is dropped by the next move to that server too, so that this may fail.
  await withAdminClient(to, (admin) => dropDatabaseAndRole(admin, database, { drainMs: 0 })).catch(
    (err: unknown) =>
      deps.log.warn({ err, databaseId: database.id }, 'The copy that was given up could not be dropped.'),
  );
}
