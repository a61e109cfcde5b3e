import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import { clusterNames } from '@nova/core/tenancy/servers/cluster-names.js';
import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { buildBillingWorld } from '../support/billing-world.js';
import { asSuperuser } from '../support/central-database.js';
import { runCommand } from '../support/nova-command.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { type SecondServer, startSecondServer } from '../support/second-server.js';

let nova: Nova;
let second: SecondServer;
let tenant: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  [nova, second] = await Promise.all([startNova(), startSecondServer()]);
  const { code, stderr } = await runCommand(nova, 'servers', 'add', 'second', '--admin-url', second.adminUrl);
  if (code !== 0) throw new Error(stderr);
  // Nothing is placed there by itself.
  await central().databaseServer.update({ where: { name: 'second' }, data: { weight: 0 } });
  tenant = await nova.tenant();
  other = await nova.tenant();
  for (const { api } of [tenant, other]) await buildBillingWorld(api, 'moving');
  await nova.settle();
});
afterAll(async () => {
  await nova.stop();
  await second.stop();
});

const deps = () => nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
const central = () => deps().central.db;
const move = (who: TestTenant, ...args: string[]) =>
  runCommand(nova, 'tenants', 'move', who.tenantId, ...args);

async function placeOf(who: TestTenant): Promise<{ server: string; database: TenantDatabase }> {
  const { server, ...database } = await central().tenantDatabase.findFirstOrThrow({
    where: { tenantId: who.tenantId, status: 'active' },
    include: { server: true },
  });
  return { server: server.name, database };
}

/** Whether a server has a database of this name. */
async function has(superuserUrl: string, { databaseName }: TenantDatabase): Promise<boolean> {
  return asSuperuser(superuserUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
    return rowCount === 1;
  });
}

/** How the tenant's own role fares that enters its database on a server, with its own password. */
async function entering(superuserUrl: string, database: TenantDatabase): Promise<string> {
  const url = new URL(superuserUrl);
  url.pathname = `/${database.databaseName}`;
  url.username = database.roleName;
  url.password = await deps().keys.open(database.passwordSealed, database.tenantId);
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    return 'let in';
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? '') : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The tables in which a copy of the database has its usage. */
async function monthsOf(superuserUrl: string, { databaseName }: TenantDatabase): Promise<string[]> {
  const url = new URL(superuserUrl);
  url.pathname = `/${databaseName}`;
  return asSuperuser(url.href, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT DISTINCT tableoid::regclass::text AS name FROM usage_events',
    );
    return rows.map(({ name }) => name);
  });
}

/** Makes customers one after another until told to stop; answers their ids, and the codes of what was refused. */
function keepWriting(api: Api) {
  const made: string[] = [];
  const refused = new Set<string>();
  let going = true;
  const line = async () => {
    while (going) {
      const { status, body, headers } = await api.post('/customers', { name: `Written ${made.length}` });
      if (status === 201) made.push(body.id);
      else {
        refused.add(`${status} ${body.code}`);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const writing = Promise.all([line(), line()]);
  return {
    made,
    refused,
    stop: () => {
      going = false;
      return writing;
    },
  };
}

describe('moving a tenant to another server', () => {
  it('loses nothing that was written meanwhile, and shuts the old copy', async () => {
    const before = (await placeOf(tenant)).database;
    const writer = keepWriting(tenant.api);
    const untouched = keepWriting(other.api);
    const { code, stdout, stderr } = await move(tenant, '--to', 'second', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ database: before.id, state: 'switched' }]);
    const { made: whileMoving } = writer;
    await expect.poll(() => whileMoving.length, { timeout: 20_000 }).toBeGreaterThan(3);
    await writer.stop();
    await untouched.stop();
    expect([...writer.refused]).toEqual(['503 tenant_maintenance']);
    expect([...untouched.refused]).toEqual([]);

    const { server, database } = await placeOf(tenant);
    expect(server).toBe('second');
    expect(database.configVersion).toBe(before.configVersion + 1);
    for (const id of writer.made) expectStatus(await tenant.api.get(`/customers/${id}`), 200);
    expect(await entering(inject('postgresUrl'), before)).toBe('42501');
    expect(await entering(second.superuserUrl, database)).toBe('let in');
    const [verified] = await verifyTenants(deps(), { tenantId: tenant.tenantId, modes: ['test'] });
    expect(verified).toMatchObject({ status: 'ok' });
  });

  it('has taken each month of usage to a table of its own', async () => {
    const { database } = await placeOf(tenant);
    const months = await monthsOf(second.superuserUrl, database);
    expect(months).toEqual([expect.stringMatching(/^usage_events_\d{4}_\d{2}$/)]);
    expect(expectStatus(await tenant.api.get('/usage/scan-moving-1'), 200).eventName).toBe('scan-moving');
  });

  it('goes on billing there, on the same clock and in the same numbers', async () => {
    const numbers = async () =>
      expectStatus(await tenant.api.get('/invoices?limit=100'), 200).data.map(
        (i: { number: string }) => i.number,
      );
    const before: string[] = await numbers();
    expectStatus(await tenant.api.post('/test-clock/advance', { days: 40 }), 200);
    await nova.settle();
    expect((await numbers()).length).toBeGreaterThan(before.length);
    const [verified] = await verifyTenants(deps(), { tenantId: tenant.tenantId, modes: ['test'] });
    expect(verified).toMatchObject({ status: 'ok' });
  });

  it('is not undone when the copy was written to, and drops the old one when it is confirmed', async () => {
    const { database } = await placeOf(tenant);
    const reverted = await move(tenant, '--revert');
    expect([reverted.code, reverted.stderr]).toEqual([5, expect.stringContaining('customers has')]);
    expectStatus(await tenant.api.get('/customers'), 200);
    expect((await move(tenant, '--to', 'default')).stderr).toContain('confirm or revert');
    expectStatus(await tenant.api.get('/customers'), 200);

    expect(await has(inject('postgresUrl'), database)).toBe(true);
    const { code, stderr } = await move(tenant, '--confirm', '--yes');
    expect(code, stderr).toBe(0);
    expect(await has(inject('postgresUrl'), database)).toBe(false);
    expect((await move(tenant, '--confirm', '--yes')).code).toBe(5);
    expectStatus(await tenant.api.get('/customers'), 200);
  });

  it('is undone as long as nothing was written', async () => {
    const { code, stderr } = await move(other, '--to', 'second');
    expect(code, stderr).toBe(0);
    const { database } = await placeOf(other);
    const reverted = await move(other, '--revert');
    expect(reverted.code, reverted.stderr).toBe(0);
    expect((await placeOf(other)).server).toBe('default');
    expect(await has(second.superuserUrl, database)).toBe(false);
    expectStatus(await other.api.post('/customers', { name: 'Back' }), 201);
  });

  it('says what it can do nothing about, and leaves the tenant as it is', async () => {
    expect((await move(other, '--to', 'nowhere')).code).toBe(3);
    await central().databaseServer.update({ where: { name: 'second' }, data: { state: 'draining' } });
    expect((await move(other, '--to', 'second')).stderr).toContain('draining');
    await central().databaseServer.update({
      where: { name: 'second' },
      data: { state: 'open', region: 'ke' },
    });
    await central().tenant.update({ where: { id: other.tenantId }, data: { region: 'ng' } });
    expect((await move(other, '--to', 'second')).stderr).toContain('ng');
    await central().tenant.update({ where: { id: other.tenantId }, data: { region: null } });
    expect((await move(other, '--to', 'second', '--confirm')).code).toBe(2);
    expectStatus(await other.api.get('/customers'), 200);
  });

  it('is refused when the copy is not the same, and the tenant goes on where it was', async () => {
    const template = new URL(second.superuserUrl);
    const { template: name } = clusterNames(nova.config.centralDatabaseUrl);
    template.pathname = `/${name}`;
    await asSuperuser(second.superuserUrl, (c) => c.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`));
    // A column that keeps fewer decimals than it is given, without a word.
    await asSuperuser(template.href, (c) =>
      c.query('ALTER TABLE prices ALTER unit_amount TYPE numeric(38, 2)'),
    );
    await asSuperuser(second.superuserUrl, (c) => c.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`));
    const plan = expectStatus(await other.api.post('/plans', { name: 'Fine' }), 201);
    const price = {
      currency: 'NGN',
      model: 'per_unit',
      type: 'recurring',
      interval: 'month',
      unitAmount: '0.8125',
    };
    expectStatus(await other.api.post(`/plans/${plan.id}/prices`, price), 201);

    const { code, stderr } = await move(other, '--to', 'second');
    expect([code, stderr]).toEqual([5, expect.stringContaining('prices has other values')]);
    const { server, database } = await placeOf(other);
    expect(server).toBe('default');
    expect(await has(second.superuserUrl, database)).toBe(false);
    expectStatus(await other.api.post('/customers', { name: 'Still here' }), 201);
  });
});
