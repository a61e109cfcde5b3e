import { randomBytes } from 'node:crypto';

import type { TenantDatabase } from '@nova/prisma-central';

import { systemClock } from '../../platform/clock/clock.js';
import { newId } from '../../platform/ids/new-id.js';
import type { CentralClient, CentralDatabase } from '../central/central-database.js';
import { announce, type Change } from '../central/changes.js';
import type { KeyRing } from '../keys/key-ring.js';
import { chooseServer, lockPlacement } from '../servers/choose-server.js';
import type { ClusterNames } from '../servers/cluster-names.js';
import type { Mode } from '../tenant-context.js';

/** A step of provisioning, recorded before it is begun. `reserved` has nothing on the server yet. */
export type ProvisioningStep = 'reserved' | 'role' | 'database' | 'access' | 'check';

/** Where a database is that is in use; and one that may have roles on the server which its row does not name. */
export const ACTIVE_STEP = 'active';
export const ROLES_LEFT = 'roles_left';

/** Where a database is that nobody shall use any more: being dropped, and gone. */
export const RETIRING = 'retiring';
export const DROPPED = 'dropped';

const FAILURE_LENGTH_MAX = 2_000;
const OVERTAKEN = 'Another process has taken this tenant database over.';

/**
 * The tenant's database of this mode, whatever its state; made as a row when there is none.
 * @throws no_database_server
 */
export async function reserveRow(
  central: CentralDatabase,
  keys: KeyRing,
  names: ClusterNames,
  key: { tenantId: string; mode: Mode },
): Promise<TenantDatabase> {
  const living = { ...key, status: { not: 'retired' } };
  const known = await central.db.tenantDatabase.findFirst({ where: living });
  if (known) return known;
  const id = newId('tdb');
  const name = names.tenantDatabase(id);
  const passwordSealed = await keys.seal(randomBytes(32).toString('base64url'), key.tenantId);
  await central.db.$transaction(async (tx) => {
    await lockPlacement(tx);
    const serverId = await chooseServer(tx, key.tenantId);
    // Whoever asks for the same at the same moment finds the row of the first.
    await tx.$executeRaw`
      INSERT INTO tenant_databases (id, tenant_id, mode, server_id, database_name, role_name, password_sealed)
      VALUES (${id}, ${key.tenantId}, ${key.mode}, ${serverId}, ${name}, ${name}, ${passwordSealed})
      ON CONFLICT (tenant_id, mode) WHERE status <> 'retired' DO NOTHING`;
  });
  return central.db.tenantDatabase.findFirstOrThrow({ where: living });
}

/** Begins an attempt, which is told from others by its configuration version; null when the database is not waiting for one. */
export async function beginAttempt(db: CentralClient, id: string): Promise<TenantDatabase | null> {
  const [attempt] = await db.tenantDatabase.updateManyAndReturn({
    where: { id, status: { in: ['provisioning', 'failed'] } },
    data: {
      status: 'provisioning',
      step: 'reserved' satisfies ProvisioningStep,
      failure: null,
      configVersion: { increment: 1 },
      updatedAt: systemClock.now(),
    },
  });
  return attempt ?? null;
}

/** Says what is about to be done, so that whoever finds the row after a crash knows what may be left on the server. */
export async function recordStep(
  db: CentralClient,
  attempt: TenantDatabase,
  step: ProvisioningStep,
): Promise<void> {
  const { count } = await db.tenantDatabase.updateMany({
    where: standing(attempt),
    data: { step, updatedAt: systemClock.now() },
  });
  if (count === 0) throw new Error(OVERTAKEN);
}

/** The database can be used from here on, and every process hears of it (as by `announce`, in the same statement). */
export async function activate(
  db: CentralClient,
  attempt: TenantDatabase,
  schemaVersion: string,
): Promise<void> {
  const change = JSON.stringify({ kind: 'tenant', tenantId: attempt.tenantId } satisfies Change);
  const activated = await db.$executeRaw`
    WITH activated AS (
      UPDATE tenant_databases
         SET status = 'active', step = ${ACTIVE_STEP}, failure = NULL, schema_version = ${schemaVersion}, updated_at = now()
       WHERE id = ${attempt.id} AND status = 'provisioning' AND config_version = ${attempt.configVersion}
      RETURNING id)
    SELECT pg_notify('nova_changes', ${change}) FROM activated`;
  if (activated === 0) throw new Error(OVERTAKEN);
}

/** Says why an attempt failed. The step goes back to `reserved` once nothing of it is left on the server. */
export async function recordFailure(
  db: CentralClient,
  attempt: TenantDatabase,
  failure: string,
  left: { step?: ProvisioningStep } = {},
): Promise<void> {
  await db.tenantDatabase.updateMany({
    where: standing(attempt),
    data: {
      ...left,
      status: 'failed',
      failure: failure.slice(0, FAILURE_LENGTH_MAX),
      updatedAt: systemClock.now(),
    },
  });
}

/** Takes a database out of use: no process opens it any more, and nothing is due in it. Null when it was already. */
export async function recordRetiring(db: CentralClient, id: string): Promise<TenantDatabase | null> {
  return db.$transaction(async (tx) => {
    const [row] = await tx.tenantDatabase.updateManyAndReturn({
      where: { id, status: { not: 'retired' } },
      data: { status: 'retired', step: RETIRING, updatedAt: systemClock.now() },
    });
    if (!row) return null;
    await tx.dueWork.deleteMany({ where: { tenantDatabaseId: id } });
    await tx.dirtyMark.deleteMany({ where: { tenantDatabaseId: id } });
    await announce(tx, { kind: 'tenant', tenantId: row.tenantId });
    return row;
  });
}

export async function recordDropped(db: CentralClient, id: string): Promise<void> {
  // A process that had not heard of it yet may have left a mark meanwhile.
  await db.$transaction([
    db.dueWork.deleteMany({ where: { tenantDatabaseId: id } }),
    db.dirtyMark.deleteMany({ where: { tenantDatabaseId: id } }),
    db.tenantDatabase.update({ where: { id }, data: { step: DROPPED, updatedAt: systemClock.now() } }),
  ]);
}

/** Rows that have, or may have, something left on a server that nobody will use. */
export function findLeftovers(db: CentralClient, abandonedBefore: Date): Promise<TenantDatabase[]> {
  return db.tenantDatabase.findMany({
    where: {
      OR: [
        { status: 'provisioning', updatedAt: { lt: abandonedBefore } },
        { status: 'failed', step: { not: 'reserved' satisfies ProvisioningStep } },
        { status: 'retired', step: RETIRING, updatedAt: { lt: abandonedBefore } },
      ],
    },
    orderBy: { createdAt: 'asc' },
  });
}

function standing(attempt: TenantDatabase): { id: string; status: { in: string[] }; configVersion: number } {
  return { id: attempt.id, status: { in: ['provisioning', 'failed'] }, configVersion: attempt.configVersion };
}
