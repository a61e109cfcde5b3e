import { randomBytes } from 'node:crypto';

import type { TenantDatabase } from '@nova/prisma-central';
import type pg from 'pg';

import { systemClock } from '../../platform/clock/clock.js';
import type { Config } from '../../platform/config/config.schema.js';
import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import type { CentralDatabase, CentralTransaction } from '../central/central-database.js';
import { announce } from '../central/changes.js';
import type { KeyRing } from '../keys/key-ring.js';
import { createRole, giveRoleAccess } from '../provisioning/make-database.js';
import { ROLES_LEFT } from '../provisioning/tenant-database-rows.js';
import { dropRole, rolesOfDatabase } from '../provisioning/tenant-roles.js';
import { type DatabaseServer, withAdminClient, withClient } from '../servers/admin-client.js';
import { clusterNames } from '../servers/cluster-names.js';
import { readServer } from '../servers/database-servers.js';
import { tenantUrl } from '../servers/tenant-url.js';

const OTHER_PROCESS_WAIT_MS = 60_000;

export interface PasswordDeps {
  readonly central: Pick<CentralDatabase, 'db' | 'pool'>;
  readonly keys: KeyRing;
  readonly config: Pick<Config, 'centralDatabaseUrl'>;
}

/** Writes what is to be on record of a switch, in its own transaction. */
export type RecordSwitch = (tx: CentralTransaction, database: TenantDatabase) => Promise<void>;

/**
 * Gives a tenant database a new login with a new password. A role of PostgreSQL has one password, so that a new role is
 * made beside the old one: processes that have not heard of it yet go on with the old role, which is dropped later, when
 * nobody is logged in as it any more (`dropSupersededRoles`). After a crash at any point that does the same.
 * @throws Error when the database is not in use, or its tenant under maintenance
 */
export async function switchPassword(
  deps: PasswordDeps,
  databaseId: string,
  record: RecordSwitch,
): Promise<void> {
  const { serverId } = await deps.central.db.tenantDatabase.findUniqueOrThrow({ where: { id: databaseId } });
  const server = await readServer(deps.central.pool, deps.keys, serverId);
  await withAdminClient(server, (admin) =>
    withAdvisoryLock(admin, { name: `nova:${databaseId}`, waitMs: OTHER_PROCESS_WAIT_MS }, async () => {
      const before = await begin(deps, databaseId, serverId);
      await makeAndSwitch(deps, admin, server, before, record);
    }),
  );
}

async function makeAndSwitch(
  deps: PasswordDeps,
  admin: pg.Client,
  server: DatabaseServer,
  before: TenantDatabase,
  record: RecordSwitch,
): Promise<void> {
  const names = clusterNames(deps.config.centralDatabaseUrl);
  const roleName = names.tenantRole(before.id, before.configVersion + 1);
  const next = { ...before, roleName };
  const password = randomBytes(32).toString('base64url');
  // An attempt that was cut off may have made it, and nobody knows its password. Former roles are left to their time.
  if ((await rolesOfDatabase(admin, before)).includes(roleName)) {
    await dropRole(admin, server, before.databaseName, roleName);
  }
  await createRole(admin, next, names, password);
  try {
    const door = await doorOf(admin, before);
    await giveRoleAccess(admin, next, door);
    if (door === 'open') await enterAsTenant(server, next, password);
    await commit(deps, before, { roleName, password }, record);
  } catch (error) {
    if (!(await isSwitched(deps, before.id, roleName))) {
      // Should this fail as well, the role is found as a stray one later.
      await dropRole(admin, server, next.databaseName, roleName).catch(() => undefined);
    }
    throw error;
  }
}

/** Notes that the server may have a role of this database that its row does not name, before it has. */
async function begin({ central }: PasswordDeps, id: string, serverId: string): Promise<TenantDatabase> {
  const row = await central.db.tenantDatabase.findUniqueOrThrow({
    where: { id },
    include: { tenant: { select: { maintenanceReason: true } } },
  });
  const { tenant, ...database } = row;
  refuseUnderMaintenance(tenant.maintenanceReason);
  const { count } = await central.db.tenantDatabase.updateMany({
    where: { id, status: 'active', serverId, roleName: row.roleName },
    data: { step: ROLES_LEFT, updatedAt: systemClock.now() },
  });
  if (count === 0) throw new Error('The database is not in use, or was moved meanwhile.');
  return database;
}

/** The tenant's row is held meanwhile: who puts it under maintenance to copy the database sees one role or the other. */
async function commit(
  { central, keys }: PasswordDeps,
  before: TenantDatabase,
  login: { roleName: string; password: string },
  record: RecordSwitch,
): Promise<void> {
  const { id, tenantId, serverId, roleName } = before;
  const passwordSealed = await keys.seal(login.password, tenantId);
  await central.db.$transaction(async (tx) => {
    const [tenant] = await tx.$queryRaw<{ reason: string | null }[]>`
      SELECT maintenance_reason AS reason FROM tenants WHERE id = ${tenantId} FOR SHARE`;
    refuseUnderMaintenance(tenant?.reason ?? null);
    const { count } = await tx.tenantDatabase.updateMany({
      where: { id, status: 'active', serverId, roleName },
      data: {
        roleName: login.roleName,
        passwordSealed,
        configVersion: { increment: 1 },
        updatedAt: systemClock.now(),
      },
    });
    if (count === 0) throw new Error('The database was taken out of use, or moved, meanwhile.');
    await announce(tx, { kind: 'tenant', tenantId });
    await record(tx, before);
  });
}

async function isSwitched({ central }: PasswordDeps, id: string, roleName: string): Promise<boolean> {
  // When central cannot say, the role may be in use: it is left.
  const row = await central.db.tenantDatabase.findUnique({ where: { id } }).catch(() => ({ roleName }));
  return row?.roleName === roleName;
}

function refuseUnderMaintenance(reason: string | null): void {
  if (reason !== null) throw new Error(`The tenant is under maintenance (${reason}): try again afterwards.`);
}

/** Whether the tenant may enter its database: one that was put away is shut out of it, and stays so with a new login. */
async function doorOf(
  admin: pg.ClientBase,
  { databaseName, roleName }: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
): Promise<'open' | 'closed'> {
  const { rowCount } = await admin.query(
    `SELECT FROM pg_database d JOIN pg_roles r ON r.rolname = $2
      WHERE d.datname = $1 AND d.datallowconn AND has_database_privilege(r.oid, d.oid, 'CONNECT')`,
    [databaseName, roleName],
  );
  return rowCount === 1 ? 'open' : 'closed';
}

async function enterAsTenant(
  server: DatabaseServer,
  row: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
  password: string,
): Promise<void> {
  const connectionString = tenantUrl({ ...server, ...row }, password);
  await withClient({ connectionString, application_name: 'nova-passwords' }, (client) =>
    client.query('SELECT FROM _prisma_migrations LIMIT 1'),
  );
}
