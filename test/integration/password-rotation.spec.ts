import { randomBytes } from 'node:crypto';

import { archiveTenant, unarchiveTenant } from '@nova/core/features/tenant-life/archive-tenant.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { KeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { awaitQuiet } from '@nova/core/tenancy/maintenance/close-database.js';
import { enterMaintenance } from '@nova/core/tenancy/maintenance/enter-maintenance.js';
import { leaveMaintenance } from '@nova/core/tenancy/maintenance/leave-maintenance.js';
import {
  countSupersededRoles,
  dropSupersededRoles,
} from '@nova/core/tenancy/passwords/drop-superseded-roles.js';
import { type PasswordResult, rotatePasswords } from '@nova/core/tenancy/passwords/rotate-passwords.js';
import type { RecordSwitch } from '@nova/core/tenancy/passwords/switch-password.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import { withAdminClient } from '@nova/core/tenancy/servers/admin-client.js';
import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { whileBusy } from '../support/kept-busy.js';
import { killedAtStatement } from '../support/killed-process.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { LifeBench } from '../support/tenant-life.js';

const SECRETS = {
  JWT_SECRET: randomBytes(32).toString('hex'),
  ENCRYPTION_KEY: randomBytes(32).toString('hex'),
};

let databases: PlatformDatabases;
/** Two processes of one platform. */
let worker: Nova;
let other: Nova;
let tenants: TestTenant[];

beforeAll(async () => {
  databases = await createPlatformDatabases(inject('postgresUrl'));
  // Direct: a pooler's own sessions of a former role last for half a minute longer.
  const env = { ...SECRETS, TENANT_POOLER_URL: '' };
  worker = await startNova({ databases, env });
  other = await startNova({ databases, env, processors: 'none' });
  tenants = await Promise.all([worker.tenant(), worker.tenant()]);
});

afterAll(async () => {
  await other.stop();
  await worker.stop();
  await databases.drop();
});

const deps = () => ({
  central: worker.app.get(CentralDatabase, { strict: false }),
  keys: worker.app.get(KeyRing, { strict: false }),
  config: worker.config,
});
const NOT_RECORDED: RecordSwitch = async () => undefined;

const rotate = (tenantId: string | null, record: RecordSwitch = NOT_RECORDED): Promise<PasswordResult[]> =>
  rotatePasswords(deps(), { tenantId, record });

const rowOf = ({ tenantId }: TestTenant) =>
  deps().central.db.tenantDatabase.findFirstOrThrow({ where: { tenantId, status: 'active' } });

/** The roles on the server that were made for a tenant's database. */
async function rolesOf(tenant: TestTenant): Promise<string[]> {
  const { id } = await rowOf(tenant);
  const found = await asSuperuser(inject('postgresUrl'), (client) =>
    client.query<{ name: string }>('SELECT rolname AS name FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1', [
      `%${id.slice(4)}%`,
    ]),
  );
  return found.rows.map(({ name }) => name);
}

/** A session of the tenant's role. */
async function enter(row: TenantDatabase): Promise<pg.Client> {
  const url = new URL(databases.adminUrl);
  url.username = row.roleName;
  url.password = await deps().keys.open(row.passwordSealed, row.tenantId);
  url.pathname = `/${row.databaseName}`;
  const session = new pg.Client({ connectionString: url.href });
  session.on('error', () => undefined);
  await session.connect();
  return session;
}

const first = () => tenants[0] as TestTenant;

describe('a rotation of passwords', () => {
  it('through two processes under load lets no request fail, and drops the former roles when they are idle', async () => {
    const before = await Promise.all(tenants.map(rowOf));
    const lines = tenants.flatMap(({ testKey }) =>
      [worker, other].flatMap((process) => [
        async () => expectStatus(await process.as(testKey).get('/customers'), 200),
        async () =>
          expectStatus(await process.as(testKey).post('/customers', { name: 'A', currency: 'NGN' }), 201),
      ]),
    );
    const { requests, failures } = await whileBusy(lines, async () => {
      for (let time = 0; time < 2; time++) {
        expect((await rotate(null)).map(({ error }) => error)).toEqual(tenants.map(() => null));
        await dropSupersededRoles(deps(), 2);
      }
      // Within moments every process has let its connections with the former role go.
      await eventually(
        async () => {
          await dropSupersededRoles(deps(), 2);
          expect(await countSupersededRoles(deps())).toBe(0);
        },
        { withinMs: 30_000 },
      );
    });
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(50);
    for (const [at, tenant] of tenants.entries()) {
      const row = await rowOf(tenant);
      expect(row.roleName).not.toBe(before[at]?.roleName);
      expect(row.passwordSealed).not.toBe(before[at]?.passwordSealed);
      expect(row.step).toBe('active');
      expect(await rolesOf(tenant)).toEqual([row.roleName]);
    }
  });

  it('gives the new role the rights and limits of the old one', async () => {
    const limits = async () => {
      const { roleName, databaseName } = await rowOf(first());
      const { rows } = await asSuperuser(inject('postgresUrl'), (client) =>
        client.query(
          `SELECT r.rolconnlimit, s.setconfig, has_database_privilege(r.oid, $2, 'CONNECT') AS enters,
                  array(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS groups
             FROM pg_roles r JOIN pg_database d ON d.datname = $2
             LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = d.oid
            WHERE r.rolname = $1`,
          [roleName, databaseName],
        ),
      );
      return rows;
    };
    const before = await limits();
    await rotate(first().tenantId);
    expect(await limits()).toEqual(before);
    expect(before).toMatchObject([{ enters: true, rolconnlimit: expect.any(Number) }]);
  });

  it('keeps a former role for as long as somebody is logged in as it', async () => {
    const row = await rowOf(first());
    const session = await enter(row);
    expect(await rotate(first().tenantId)).toMatchObject([{ error: null }]);
    const { waiting } = await dropSupersededRoles(deps(), 0);
    expect(waiting.map(({ databaseId }) => databaseId)).toContain(row.id);
    expect((await session.query('SELECT count(*)::int AS customers FROM customers')).rowCount).toBe(1);
    await session.end();
    await eventually(
      async () => {
        await dropSupersededRoles(deps(), 0);
        expect(await rolesOf(first())).not.toContain(row.roleName);
      },
      // A client that was leased as the password changed keeps its sessions until it is used again, or idle for a minute.
      { withinMs: 90_000 },
    );
  }, 120_000);

  it('keeps a former role for its time, though the password is rotated again meanwhile', async () => {
    const { roleName } = await rowOf(first());
    for (let time = 0; time < 2; time++) {
      expect(await rotate(first().tenantId)).toMatchObject([{ error: null }]);
    }
    await dropSupersededRoles(deps());
    expect(await rolesOf(first())).toContain(roleName);
  });

  it('that fails leaves the row and no second role', async () => {
    // A client that was leased as the password changed keeps its sessions until it is used again, or idle for a minute.
    await eventually(
      async () => {
        await dropSupersededRoles(deps(), 0);
        expect(await rolesOf(first())).toHaveLength(1);
      },
      { withinMs: 90_000 },
    );
    const before = await rowOf(first());
    const results = await rotate(first().tenantId, () => Promise.reject(new Error('no record')));
    expect(results).toMatchObject([{ error: 'no record' }]);
    const { roleName, passwordSealed, configVersion } = await rowOf(first());
    expect({ roleName, passwordSealed, configVersion }).toEqual({
      roleName: before.roleName,
      passwordSealed: before.passwordSealed,
      configVersion: before.configVersion,
    });
    expect(await rolesOf(first())).toEqual([before.roleName]);
  }, 120_000);

  it('waits for the end of maintenance', async () => {
    const { central } = deps();
    await enterMaintenance(central, first().tenantId, { reason: 'moving', until: null });
    expect(await rotate(first().tenantId)).toMatchObject([{ error: expect.stringContaining('moving') }]);
    await leaveMaintenance(central, first().tenantId);
    expect(await rotate(first().tenantId)).toMatchObject([{ error: null }]);
  });
});

describe('an archived tenant', () => {
  it('is shut out as every role that it has had, and by no rotation let in again', async () => {
    const bench = new LifeBench(worker);
    const caller = bench.caller(first().tenantId);
    const former = await rowOf(first());
    const session = await enter(former);
    expect(await rotate(first().tenantId)).toMatchObject([{ error: null }]);
    await session.query('BEGIN');
    await withAdminClient({ adminUrl: databases.adminUrl }, async (admin) => {
      const limits = { announcedMs: 0, quietMs: 800 };
      expect(await awaitQuiet(admin, await rowOf(first()), limits)).toBe(false);
      await session.query('ROLLBACK');
      expect(await awaitQuiet(admin, await rowOf(first()), limits)).toBe(true);
    });

    await archiveTenant(bench.deps, caller, { reason: null });
    await expect(session.query('SELECT 1')).rejects.toThrow();
    expect(await bench.doorOf(former)).toBe('42501');
    expect(await rotate(first().tenantId)).toMatchObject([{ error: null }]);
    expect(await bench.doorOf(await rowOf(first()))).toBe('42501');
    await unarchiveTenant(bench.deps, caller);
    expect(await bench.doorOf(await rowOf(first()))).toBe('open');
    await eventually(async () => expectStatus(await other.as(first().testKey).get('/customers'), 200), {
      withinMs: 5_000,
    });
  });
});

describe('a rotation that is killed', () => {
  const program = `
    import { loadConfig } from '@nova/core/platform/config/load-config.js';
    import { pino } from 'pino';
    import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
    import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
    import { rotatePasswords } from '@nova/core/tenancy/passwords/rotate-passwords.js';
    const config = loadConfig(process.env);
    const central = new CentralDatabase(config, pino({ level: 'silent' }));
    const keys = await openKeyRing(central.pool, config);
    await rotatePasswords({ central, keys, config }, { tenantId: process.env.TENANT, record: async () => undefined });
    process.exit(0);`;

  it('is made good by the next one, and by the workers', async () => {
    const tenant = first();
    const env = {
      NODE_ENV: 'test',
      CENTRAL_DATABASE_URL: databases.centralUrl,
      INTERNAL_POSTGRES_URL: databases.adminUrl,
      TENANT: tenant.tenantId,
      ...SECRETS,
    };
    // Before the role is made, when it is there, before and after the switch.
    for (const statement of [13, 17, 20]) {
      await killedAtStatement(statement, program, env);
      expectStatus(await other.as(tenant.testKey).get('/customers'), 200);
    }
    expect(await rotate(tenant.tenantId)).toMatchObject([{ error: null }]);
    await eventually(
      async () => {
        expectStatus(await other.as(tenant.testKey).get('/customers'), 200);
        expectStatus(await worker.as(tenant.testKey).get('/customers'), 200);
        await dropSupersededRoles(deps(), 0);
        expect(await countSupersededRoles(deps())).toBe(0);
      },
      { withinMs: 20_000 },
    );
    expect(await rolesOf(tenant)).toEqual([(await rowOf(tenant)).roleName]);
  });

  it('leaves nothing on the server when the database is taken out of use', async () => {
    const tenant = tenants[1] as TestTenant;
    const { id } = await rowOf(tenant);
    await rotate(tenant.tenantId);
    expect((await rolesOf(tenant)).length).toBe(2);
    await worker.app.get(TenantProvisioner, { strict: false }).retire(id);
    const { rowCount } = await asSuperuser(inject('postgresUrl'), (client) =>
      client.query('SELECT FROM pg_roles WHERE rolname LIKE $1', [`%${id.slice(4)}%`]),
    );
    expect(rowCount).toBe(0);
  });
});
