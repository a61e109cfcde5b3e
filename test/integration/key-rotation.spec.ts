// The same on other servers: keys and what they seal are in the central database, which has no pooler.
import { randomBytes } from 'node:crypto';

import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { masterKeyId, sealText } from '@nova/core/platform/crypto/sealed-text.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { insertDataKey } from '@nova/core/tenancy/keys/data-keys.js';
import { KeyRing, openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { MasterKeys } from '@nova/core/tenancy/keys/master-keys.js';
import { rotateKeys } from '@nova/core/tenancy/keys/rotate-keys.js';
import { SEALED_COLUMNS } from '@nova/core/tenancy/keys/sealed-columns.js';
import { migrateDatabase } from '@nova/core/tenancy/migrator/migrate-database.js';
import { loadBuildMigrations } from '@nova/core/tenancy/migrator/schema-versions.js';
import { withCentralClient } from '@nova/core/tenancy/prepare-platform.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { whileBusy } from '../support/kept-busy.js';
import { type Nova, startNova, testEnvironment, type TestTenant } from '../support/nova.js';
import { invitationToken } from '../support/team.js';

const FIRST = randomBytes(32);
const SECOND = randomBytes(32);
const JWT_SECRET = randomBytes(32).toString('hex');
const INVITED = 'invited@team.example';

let databases: PlatformDatabases;
let central: pg.Pool;
let nova: Nova;
let tenants: TestTenant[];
/** What people were given before the keys changed, and what they expect to be good afterwards. */
let invitation: string;
let cursor: string;

const boot = (present: Buffer, ...previous: Buffer[]) =>
  startNova({
    databases,
    env: {
      JWT_SECRET,
      ENCRYPTION_KEY: present.toString('hex'),
      ENCRYPTION_KEYS_PREVIOUS: previous.map((key) => key.toString('hex')).join(','),
    },
  });

/** The API of a tenant at the platform that runs now, with the key that it got when it registered. */
const apiOf = ({ testKey }: TestTenant) => nova.as(testKey);

const addCustomer = async (api: Api) =>
  expectStatus(
    await api.post('/customers', { name: 'Ann', currency: 'NGN', email: 'ann@customer.example' }),
    201,
  );

/** An invoice that a job e-mails. */
async function sendInvoice(api: Api): Promise<void> {
  const customer = await addCustomer(api);
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  const draft = expectStatus(await api.post('/invoices', { customerId: customer.id, lines }), 201);
  expectStatus(await api.post(`/invoices/${draft.id}/finalize`), 200);
}

async function keysInUse(): Promise<string[]> {
  const ids = new Set<string>();
  for (const { table, column } of SEALED_COLUMNS) {
    const { rows } = await central.query<{ id: string }>(
      `SELECT DISTINCT split_part(${column}, '.', 1) || '.' || split_part(${column}, '.', 2) AS id
         FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    for (const { id } of rows) ids.add(id);
  }
  return [...ids];
}

/** An empty platform whose hashes derive from the master key itself, as they did in the first release. */
async function prepareFirstRelease(): Promise<void> {
  const env = { ...testEnvironment(databases, 'smtp://127.0.0.1:1'), ENCRYPTION_KEY: FIRST.toString('hex') };
  const config = loadConfig(env);
  const { present } = new MasterKeys(config);
  await withCentralClient(config, async (client) => {
    await migrateDatabase(client, (await loadBuildMigrations()).central);
    await insertDataKey(client, present, 'hash', FIRST);
    await insertDataKey(client, present, 'seal');
  });
}

/** Makes of what there is what the first release had: texts sealed with the master key itself, and no data keys. */
async function goBackToFirstRelease(): Promise<void> {
  const ring = await openKeyRing(central, { encryptionKey: FIRST, encryptionKeysPrevious: [] });
  for (const { table, column, aad } of SEALED_COLUMNS) {
    const { rows } = await central.query<{ sealed: string; aad: string }>(
      `SELECT ${column} AS sealed, ${aad} AS aad FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    for (const row of rows) {
      const plain = await ring.open(row.sealed, row.aad);
      const first = sealText('v1', { id: masterKeyId(FIRST), bytes: FIRST }, plain, row.aad);
      await central.query(`UPDATE ${table} SET ${column} = $2 WHERE ${column} = $1`, [row.sealed, first]);
    }
  }
  await central.query('DELETE FROM data_keys');
}

beforeAll(async () => {
  databases = await createPlatformDatabases(inject('postgresUrl'));
  central = new pg.Pool({ connectionString: databases.centralUrl, max: 2 });
  central.on('error', () => undefined);
  await prepareFirstRelease();
  nova = await boot(FIRST);
  tenants = await Promise.all([nova.tenant(), nova.tenant()]);
  const [tenant] = tenants as [TestTenant];
  for (let customer = 0; customer < 3; customer++) await addCustomer(tenant.api);
  cursor = expectStatus(await tenant.api.get('/customers?limit=1'), 200).nextCursor;
  expectStatus(await tenant.user.post('/tenants/me/members', { email: INVITED, role: 'viewer' }), 201);
  invitation = await invitationToken(nova, INVITED);
  await nova.stop();
  await goBackToFirstRelease();
});

afterAll(async () => {
  await nova.stop();
  await central.end();
  await databases.drop();
});

describe('an installation of the first release', () => {
  it('goes on with data keys, and what it has given out stays valid', async () => {
    expect(await keysInUse()).toEqual([`v1.${masterKeyId(FIRST)}`]);
    nova = await boot(FIRST);
    for (const tenant of tenants) expectStatus(await apiOf(tenant).get('/customers'), 200);
  });

  it('is not given a new master key that its processes do not have', async () => {
    const config = { ...nova.config, encryptionKey: SECOND, encryptionKeysPrevious: [FIRST] };
    await expect(rotateKeys(config)).rejects.toThrow('would be locked out');
    await nova.stop();
    nova = await boot(SECOND, FIRST);
  });

  it('has its keys rotated under load without a request or job that fails', async () => {
    const sent = new Map(tenants.map((tenant) => [tenant.tenantId, 0]));
    const { requests, failures } = await whileBusy(
      tenants.flatMap((tenant) => [
        async () => expectStatus(await apiOf(tenant).get('/customers'), 200),
        async () => {
          await sendInvoice(apiOf(tenant));
          sent.set(tenant.tenantId, (sent.get(tenant.tenantId) ?? 0) + 1);
        },
        // A new tenant's password is sealed while all passwords are sealed anew.
        async () => void (await nova.tenant()),
      ]),
      async () => {
        for (let time = 0; time < 4; time++) {
          expect((await rotateKeys(nova.config)).unopened).toEqual([]);
        }
      },
    );
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(20);
    await nova.settle();
    const mails = [...sent.values()].reduce((sum, count) => sum + count, 0);
    await eventually(
      async () =>
        expect(
          nova.mail.list().filter((mail) => mail.recipients.includes('ann@customer.example')).length,
        ).toBe(mails),
      { withinMs: 20_000 },
    );
    const last = await rotateKeys(nova.config);
    expect(await keysInUse()).toEqual([`v2.${last.activeKeyId}`]);
  });

  it('needs its old master key no more, and keeps API keys, refresh tokens, invitations and cursors', async () => {
    await nova.stop();
    nova = await boot(SECOND);
    const [tenant] = tenants as [TestTenant];
    expectStatus(await apiOf(tenant).get(`/customers?limit=1&cursor=${cursor}`), 200);
    const refresh = { refreshToken: tenant.refreshToken };
    expectStatus(await nova.anonymous.post('/auth/refresh', refresh), 200);
    const accepted = { token: invitation, name: 'New', password: 'correct horse team' };
    expectStatus(await nova.anonymous.post('/auth/invitations/accept', accepted), 200);
    await sendInvoice(apiOf(tenant));
    await nova.tenant();
  });

  it('reads its keys though transactions that seal hold every connection to central', async () => {
    const { pool } = nova.app.get(CentralDatabase, { strict: false });
    const held = await Promise.all(Array.from({ length: nova.config.centralPoolSize }, () => pool.connect()));
    try {
      await nova.app.get(KeyRing, { strict: false }).refresh();
    } finally {
      for (const client of held) client.release();
    }
  });

  it('shows no secret to who has a copy of its central database', async () => {
    const dump = await everyRowOfCentral();
    expect(dump).toContain(tenants[0]?.tenantId);
    const ring = await openKeyRing(central, nova.config);
    const { rows } = await central.query<{ sealed: string; tenant_id: string }>(
      'SELECT password_sealed AS sealed, tenant_id FROM tenant_databases',
    );
    const secrets = [
      ...(await Promise.all(rows.map((row) => ring.open(row.sealed, row.tenant_id)))),
      ...tenants.flatMap(({ testKey, refreshToken, password }) => [testKey, refreshToken, password]),
      ...[FIRST, SECOND, ring.hashKey()].flatMap((key) => [key.toString('hex'), key.toString('base64url')]),
      new URL(databases.adminUrl).password,
    ];
    expect(secrets.filter((secret) => dump.includes(secret))).toEqual([]);
  });
});

/** All that a dump of central has, the tables of the queues too. */
async function everyRowOfCentral(): Promise<string> {
  const { rows: tables } = await central.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await central.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}
