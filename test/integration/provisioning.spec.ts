import { requiredTenantVersion } from '@nova/core/tenancy/migrator/schema-versions.js';
import { Prisma, PrismaClient } from '@nova/prisma-tenant';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ProvisioningPlatform, query, refusalOf } from './provisioning-platform.js';

const DENIED = '42501';
const TOO_MANY_CONNECTIONS = '53300';

let platform: ProvisioningPlatform;
let tenantId: string;
let own: string;
let foreign: string;

beforeAll(async () => {
  platform = await ProvisioningPlatform.create();
  tenantId = await platform.addTenant();
  own = (await platform.provisioner.provision(tenantId, 'test')).id;
  foreign = (await platform.provisioner.provision(await platform.addTenant(), 'test')).id;
});
afterAll(() => platform.drop());

const asTenant = async (sql: string) => query(await platform.tenantUrl(own), sql);

describe('a provisioned database', () => {
  it('is active at the newest version, and its password sealed for its tenant', async () => {
    const row = await platform.row(own);
    expect(row).toMatchObject({
      status: 'active',
      failure: null,
      schemaVersion: requiredTenantVersion(),
      mode: 'test',
    });
    const password = await platform.keys.open(row.passwordSealed, tenantId);
    expect(password.length).toBeGreaterThanOrEqual(40);
    expect(JSON.stringify(row)).not.toContain(password);
    await expect(platform.keys.open(row.passwordSealed, 'ten_another')).rejects.toThrow();
  });

  it('has every table and column that the client knows', async () => {
    const pool = new pg.Pool({ connectionString: await platform.tenantUrl(own), max: 1 });
    const client = new PrismaClient({ adapter: new PrismaPg(pool) });
    for (const model of Object.values(Prisma.ModelName)) {
      const delegate = `${model.charAt(0).toLowerCase()}${model.slice(1)}` as 'customer';
      expect(await client[delegate].findFirst(), model).toBeNull();
    }
    await client.$disconnect();
    await pool.end();
  });

  it('is written to by its role, who makes no tables and writes no history', async () => {
    await asTenant(
      `INSERT INTO customers (id, name, created_at, updated_at) VALUES ('cus_1', 'C', now(), now())`,
    );
    for (const sql of [
      'CREATE TABLE x (id int)',
      'CREATE TEMPORARY TABLE x (id int)',
      'ALTER TABLE customers ADD COLUMN x int',
      'DROP TABLE customers',
      'TRUNCATE customers',
      'CREATE SCHEMA x',
      'CREATE EXTENSION pg_trgm',
      `DELETE FROM _prisma_migrations`,
      `UPDATE _prisma_migrations SET checksum = ''`,
      'ALTER TABLE invoices DISABLE TRIGGER ALL',
      'CREATE ROLE x',
      'CREATE DATABASE x',
      `SELECT pg_read_file('/etc/passwd')`,
    ]) {
      expect(await refusalOf(asTenant(sql)), sql).toBe(DENIED);
    }
  });

  it('is held to time limits', async () => {
    const shown = async (name: string) => (await asTenant(`SHOW ${name}`))[0]?.[name];
    expect(await shown('statement_timeout')).toBe('30s');
    expect(await shown('idle_in_transaction_session_timeout')).toBe('1min');
    expect(await shown('lock_timeout')).toBe('10s');
  });

  it('cannot be entered by another tenant’s role, nor can the template or the central database', async () => {
    const theirs = (await platform.row(foreign)).databaseName;
    const central = new URL(platform.config.centralDatabaseUrl).pathname.slice(1);
    for (const database of [theirs, central]) {
      expect(await refusalOf(query(await platform.tenantUrl(own, database), 'SELECT 1')), database).toBe(
        DENIED,
      );
    }
    expect(await refusalOf(query(await platform.tenantUrl(own, `${central}_template`), 'SELECT 1'))).toBe(
      '55000',
    );
  });

  it('has a limit of connections on the server', async () => {
    const url = await platform.tenantUrl(own);
    const clients = Array.from({ length: 21 }, () => new pg.Client({ connectionString: url }));
    const opened = await Promise.all(clients.map((client) => refusalOf(client.connect())));
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    expect(opened.filter((answer) => answer === TOO_MANY_CONNECTIONS)).toHaveLength(1);
  });

  it('never had its password on the wire in a statement', async () => {
    const row = await platform.row(own);
    const stored = await query<{
      rolcanlogin: boolean;
      rolsuper: boolean;
      rolcreatedb: boolean;
      rolcreaterole: boolean;
    }>(
      platform.databases.adminUrl,
      'SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = $1',
      [row.roleName],
    );
    expect(stored).toEqual([
      { rolcanlogin: true, rolsuper: false, rolcreatedb: false, rolcreaterole: false },
    ]);
  });
});

describe('provisioning', () => {
  it('makes one database however often and however many at once ask', async () => {
    const tenant = await platform.addTenant();
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => platform.provisioner.provision(tenant, 'test')),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await platform.provisioner.provision(tenant, 'test')).toEqual(asked[0]);
    const live = await platform.provisioner.provision(tenant, 'live');
    expect(live.id).not.toBe(asked[0]?.id);
  });

  it('makes databases of several tenants at once', async () => {
    const tenants = await Promise.all(Array.from({ length: 6 }, () => platform.addTenant()));
    const made = await Promise.all(tenants.map((tenant) => platform.provisioner.provision(tenant, 'test')));
    for (const { id } of made) expect((await platform.row(id)).status).toBe('active');
  });

  it('waits for a session that is just leaving the template', async () => {
    const admin = new URL(platform.databases.adminUrl);
    const template = `${new URL(platform.config.centralDatabaseUrl).pathname.slice(1)}_template`;
    await query(admin.href, `ALTER DATABASE ${template} ALLOW_CONNECTIONS true`);
    admin.pathname = `/${template}`;
    const lingering = new pg.Client({ connectionString: admin.href });
    await lingering.connect();
    await query(platform.databases.adminUrl, `ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
    const provisioning = platform.provisioner.provision(await platform.addTenant(), 'test');
    setTimeout(() => void lingering.end(), 6_000);
    expect((await platform.row((await provisioning).id)).status).toBe('active');
  }, 20_000);

  it('announces the database to every process', async () => {
    const listener = new pg.Client({ connectionString: platform.config.centralDatabaseUrl });
    await listener.connect();
    const heard: unknown[] = [];
    listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')));
    await listener.query('LISTEN nova_changes');
    const tenant = await platform.addTenant();
    const { id } = await platform.provisioner.provision(tenant, 'test');
    await platform.provisioner.retire(id);
    const change = { kind: 'tenant', tenantId: tenant };
    await expect.poll(() => heard).toEqual([change, change]);
    await listener.end();
  });
});

describe('retiring', () => {
  it('drops the database and its role, and makes room for another', async () => {
    const tenant = await platform.addTenant();
    const { id } = await platform.provisioner.provision(tenant, 'test');
    const row = await platform.row(id);
    const idle = new pg.Client({ connectionString: await platform.tenantUrl(id) });
    idle.on('error', () => undefined);
    await idle.connect();
    await platform.central.db.dueWork.create({
      data: { tenantDatabaseId: id, kind: 'billing', dueAt: row.createdAt },
    });
    await platform.provisioner.retire(id);
    expect(await platform.onServer(row.databaseName)).toEqual({ databases: 0, roles: 0 });
    expect(await platform.row(id)).toMatchObject({ status: 'retired', step: 'dropped' });
    expect(await platform.central.db.dueWork.count({ where: { tenantDatabaseId: id } })).toBe(0);
    await platform.provisioner.retire(id);
    const next = await platform.provisioner.provision(tenant, 'test');
    expect(next.id).not.toBe(id);
  });

  it('lets what is under way come to its end', async () => {
    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'test');
    const busy = query(await platform.tenantUrl(id), 'SELECT pg_sleep(1), 1 AS done');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await platform.provisioner.retire(id);
    expect(await busy).toMatchObject([{ done: 1 }]);
  });
});
