import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { addedColumns } from '@nova/core/tenancy/migrator/added-columns.js';
import { BehindAdapter } from '@nova/core/tenancy/clients/behind-adapter.js';
import { migrateFleet } from '@nova/core/tenancy/migrator/migrate-fleet.js';
import { omittedFields } from '@nova/core/tenancy/migrator/omitted-columns.js';
import {
  loadBuildMigrations,
  oldestServedVersion,
  requiredTenantVersion,
  tenantSchemaText,
} from '@nova/core/tenancy/migrator/schema-versions.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { prepareServer, withCentralClient } from '@nova/core/tenancy/prepare-platform.js';
import { readServers } from '@nova/core/tenancy/servers/database-servers.js';
import { PrismaClient } from '@nova/prisma-tenant';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { BillingStory } from '../support/billing-story.js';
import { asSuperuser } from '../support/central-database.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let template: string;

beforeAll(async () => {
  // Direct: the templates that these tests make anew have nothing of a pooler's.
  nova = await startNova({ env: { TENANT_POOLER_URL: '' } });
  template = `${new URL(nova.config.centralDatabaseUrl).pathname.slice(1)}_template`;
});
afterAll(() => nova.stop());

const inCentral = <R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> =>
  withCentralClient(nova.config, async (central) => (await central.query<R>(text, values)).rows);

/** Makes the template anew, with the migrations up to this one and no further. */
async function templateAt(version: string): Promise<void> {
  await asSuperuser(inject('postgresUrl'), async (client) => {
    await client.query(`ALTER DATABASE ${template} IS_TEMPLATE false`);
    await client.query(`DROP DATABASE ${template} WITH (FORCE)`);
  });
  const { tenant } = await loadBuildMigrations();
  const migrations = tenant.filter(({ name }) => name <= version);
  await withCentralClient(nova.config, async (central) => {
    const [server] = await readServers(central, await openKeyRing(central, nova.config));
    if (server) await prepareServer(server, nova.config, migrations, null);
  });
}

async function databaseOf({ tenantId }: TestTenant): Promise<{ id: string; name: string; version: string }> {
  const [row] = await inCentral<{ id: string; name: string; version: string }>(
    'SELECT id, database_name AS name, schema_version AS version FROM tenant_databases WHERE tenant_id = $1',
    [tenantId],
  );
  if (!row) throw new Error('The tenant has no database.');
  return row;
}

async function tablesOf(database: string): Promise<string[]> {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return asSuperuser(url.href, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    return rows.map(({ name }) => name);
  });
}

/** A customer and a plan, as a server of the release before wrote them. */
async function soldByTheReleaseBefore(database: string): Promise<{ id: string; planId: string }> {
  const [id, planId] = [newId('cus'), newId('plan')];
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  await asSuperuser(url.href, async (client) => {
    const insert = `INSERT INTO prices (id, plan_id, currency, model, type, unit_amount, "interval", interval_count, created_at, updated_at)`;
    await client.query(
      `INSERT INTO customers (id, name, created_at, updated_at) VALUES ('${id}', 'Zuri', now(), now());
       INSERT INTO plans (id, name, created_at, updated_at) VALUES ('${planId}', 'Pro', now(), now());
       ${insert} VALUES ('${newId('price')}', '${planId}', 'NGN', 'flat', 'recurring', 1500000, 'month', 1, now(), now());
       ${insert} VALUES ('${newId('price')}', '${planId}', 'NGN', 'flat', 'one_time', 500000, NULL, NULL, now() + interval '1 s', now())`,
    );
  });
  return { id, planId };
}

describe('a tenant database of the release before', () => {
  it('is served, refuses what it has no place for, and is served whole once it is migrated', async () => {
    await templateAt(oldestServedVersion());
    const tenant = await nova.tenant();
    const database = await databaseOf(tenant);
    expect(database.version).toBe(oldestServedVersion());
    expect(await tablesOf(database.name)).not.toContain('audit_log');

    const created = await soldByTheReleaseBefore(database.name);
    expect(expectStatus(await tenant.api.get(`/customers/${created.id}`), 200)).toMatchObject({
      name: 'Zuri',
      taxStatus: 'taxable',
      region: null,
    });
    const { data } = expectStatus(
      await tenant.api.get(`/plans/${created.planId}/prices?sort=createdAt`),
      200,
    );
    expect(data).toMatchObject([
      { terms: { amount: '1500000' }, optional: false, prorated: true, taxCategory: 'standard' },
      { terms: { amount: '500000' }, optional: true, prorated: false, planVersion: 1 },
    ]);
    expectStatus(await tenant.api.get('/payments'), 200);
    const invoices = await tenant.api.get('/invoices');
    expect(expectStatus(invoices, 503).code, 'discounts have a table of their own').toBe(
      'tenant_schema_behind',
    );

    const log = await tenant.user.get('/audit-log');
    if (log.status !== 404) {
      expect(expectStatus(log, 503).code).toBe('tenant_schema_behind');
      expect(Number(log.headers.get('retry-after'))).toBeGreaterThan(0);
    }

    const run = await migrateFleet(nova.config);
    expect(run, JSON.stringify(run.results)).toMatchObject({ status: 'succeeded' });
    expect((await databaseOf(tenant)).version).toBe(requiredTenantVersion());
    expect(await tablesOf(database.name)).toContain('audit_log');
    await expect.poll(async () => (await tenant.user.get('/audit-log')).status).not.toBe(503);
    expectStatus(await tenant.api.get(`/customers/${created.id}`), 200);
  });

  it('that is further behind is not served, with the reason and when to come back, until it is migrated', async () => {
    const tenant = await nova.tenant();
    const { id, name } = await databaseOf(tenant);
    const [first] = (await loadBuildMigrations()).tenant;
    await templateAt(first?.name ?? '');
    await asSuperuser(inject('postgresUrl'), async (client) => {
      const { rows } = await client.query<{ owner: string; acl: string }>(
        'SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1',
        [name],
      );
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${rows[0]?.owner}`);
    });
    await inCentral('UPDATE tenant_databases SET schema_version = $2 WHERE id = $1', [id, first?.name]);
    await inCentral(
      `SELECT pg_notify('nova_changes', json_build_object('kind', 'tenant', 'tenantId', $1::text)::text)`,
      [tenant.tenantId],
    );
    await expect.poll(async () => (await tenant.api.get('/customers')).status).toBe(503);
    const refused = await tenant.api.get('/customers');
    expect(expectStatus(refused, 503)).toMatchObject({ code: 'tenant_schema_behind' });
    expect(refused.body.detail).toContain(first?.name);
    expect(refused.headers.get('retry-after')).toBe('15');
    const health = await nova.anonymous.get('/customers');
    expect(health.status, 'only this tenant is refused').toBe(401);

    expect((await migrateFleet(nova.config)).status).toBe('succeeded');
    await expect.poll(async () => (await tenant.api.get('/customers')).status).toBe(200);
  });
});

describe('billing in a database that lacks a table', () => {
  it('waits for the migration, and puts no subscription off', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const story = await BillingStory.at(nova, `${year}-03-10T10:00:00.000Z`);
    const plan = await story.plan('Pro', { unitAmount: '1000' });
    const customer = await story.customer();
    const made = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await nova.settle();
    const { tenantId } = story.tenant;
    const { id, name } = await databaseOf(story.tenant);
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${name}`;
    await asSuperuser(url.href, (client) => client.query('ALTER TABLE invoice_lines RENAME TO not_yet'));
    const setVersion = async (version: string) => {
      await inCentral('UPDATE tenant_databases SET schema_version = $2 WHERE id = $1', [id, version]);
      await inCentral(
        `SELECT pg_notify('nova_changes', json_build_object('kind', 'tenant', 'tenantId', $1::text)::text)`,
        [tenantId],
      );
    };
    await setVersion(oldestServedVersion());
    const bill = () =>
      nova.app
        .get(TenantContexts, { strict: false })
        .run({ tenantId, mode: 'test', actor: { type: 'system', id: 'spec' }, requestId: null }, (ctx) =>
          runBilling({ ...ctx, clock: stoppedClock(new Date(`${year}-04-11T10:00:00.000Z`)) }),
        );
    await expect.poll(async () => (await story.api.get(`/invoices`)).body.code).toBe('tenant_schema_behind');
    await expect(bill()).rejects.toMatchObject({ definition: { code: 'tenant_schema_behind' } });
    const subscription = await story.read(`/subscriptions/${made.id}`);
    expect(subscription.nextBillingAt, 'read around the columns that are not there').toBe(made.nextBillingAt);

    await asSuperuser(url.href, (client) => client.query('ALTER TABLE not_yet RENAME TO invoice_lines'));
    await setVersion(requiredTenantVersion());
    const { nextBillingAt } = made;
    await expect
      .poll(async () => (await story.api.get(`/subscriptions/${made.id}`)).body)
      .toMatchObject({ nextBillingAt });
    await expect.poll(() => bill().then(() => 'billed', String)).toBe('billed');
    expect(await story.invoicesOf(made)).toHaveLength(2);
  });
});

describe('a client of a database that lacks a column', () => {
  it('reads around it, and says so when the column is needed', async () => {
    const tenant = await nova.tenant();
    expectStatus(await tenant.api.post('/customers', { name: 'Zuri', currency: 'NGN' }), 201);
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${(await databaseOf(tenant)).name}`;
    await asSuperuser(url.href, (client) => client.query('ALTER TABLE customers DROP COLUMN tax_id CASCADE'));
    const pool = new pg.Pool({ connectionString: url.href });
    const columns = addedColumns(['ALTER TABLE "customers" ADD COLUMN     "tax_id" TEXT;']);
    const omit = omittedFields(columns, tenantSchemaText());
    const prisma = new PrismaClient({ adapter: new BehindAdapter(pool), omit });
    const code = (work: Promise<unknown>) =>
      work.then(
        () => 'no failure',
        (error: unknown) => (error as { definition?: { code: string } }).definition?.code,
      );
    try {
      const [customer] = await prisma.customer.findMany();
      expect(customer).toMatchObject({ name: 'Zuri' });
      expect(customer).not.toHaveProperty('taxId');
      expect(
        await prisma.customer.update({ where: { id: customer?.id ?? '' }, data: { name: 'Zuri 2' } }),
      ).toMatchObject({ name: 'Zuri 2' });
      const behind = 'tenant_schema_behind';
      expect(await code(prisma.customer.findMany({ where: { taxId: 'x' } }))).toBe(behind);
      expect(
        await code(prisma.customer.update({ where: { id: customer?.id ?? '' }, data: { taxId: 'x' } })),
      ).toBe(behind);
      expect(await code(prisma.$queryRaw`SELECT tax_id FROM customers`)).toBe(behind);
      expect(await code(prisma.$executeRaw`DELETE FROM no_such_table`)).toBe(behind);
      expect(await code(prisma.$transaction((tx) => tx.$queryRaw`SELECT * FROM no_such_table`))).toBe(behind);
      expect(await code(prisma.$queryRaw`SELECT 1 / 0`)).toBeUndefined();
    } finally {
      await prisma.$disconnect();
      await pool.end();
    }
  });
});
