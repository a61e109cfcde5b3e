// The same on other servers: keys are rows of the central database, which has no pooler, and no job has to do with them.
import { KEY_PERMISSIONS } from '@nova/core/platform/access/permissions.js';
import { makeApiKey } from '@nova/core/platform/crypto/api-key.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let central: CentralDatabase['db'];

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
  central = nova.app.get(CentralDatabase, { strict: false }).db;
});

afterAll(() => nova.stop());

const KEYS = '/tenants/me/api-keys';
const create = async (body: object, tenant = acme) => expectStatus(await tenant.user.post(KEYS, body), 201);
const testKey = (body: object = {}) => create({ name: 'A key', mode: 'test', ...body });
const works = async (api: Api) => expectStatus(await api.get('/customers'), 200);
const refusedSoon = (api: Api, withinMs = 2_000) =>
  eventually(async () => expect((await api.get('/customers')).status).toBe(401), { withinMs });

describe('an API key', () => {
  it('is shown once, and works at once', async () => {
    const made = await testKey({ name: 'Billing service' });
    expect(made.key).toMatch(/^sk_test_\w{36}$/);
    expect(made.hint).toBe(`sk_test_…${made.key.slice(-4)}`);
    await works(nova.as(made.key));
    const list = expectStatus(await acme.user.get(`${KEYS}?limit=100`), 200);
    expect(list.data.map((key: { id: string }) => key.id)).toContain(made.id);
    expect(JSON.stringify(list)).not.toContain(made.key);
    expect(JSON.stringify(list)).not.toMatch(/"(key|hash)"/);
  });

  it('is not in the database, neither in its row nor in the audit log', async () => {
    const made = await testKey();
    const everything = JSON.stringify([await central.apiKey.findMany(), await central.auditEntry.findMany()]);
    expect(everything).toContain(made.id);
    expect(everything).not.toContain(made.key);
    expect(everything).not.toContain(made.key.slice(8));
  });

  it('that was never made, or has a wrong checksum, is refused with a challenge', async () => {
    const last = acme.testKey.endsWith('a') ? 'b' : 'a';
    for (const key of [
      makeApiKey({ kind: 'secret', mode: 'test' }),
      acme.testKey.slice(0, -1) + last,
      acme.testKey.replace('_test_', '_live_'),
      acme.testKey.replace('sk_', 'rk_'),
      `${acme.testKey}0`,
      'sk_test_',
    ]) {
      const answer = await nova.as(key).get('/customers');
      expect(answer.status, key).toBe(401);
      expect(answer.body.code).toBe('unauthenticated');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('expires at its moment', async () => {
    const made = await testKey({ expiresAt: new Date(Date.now() + 800).toISOString() });
    const api = nova.as(made.key);
    await works(api);
    await refusedSoon(api);
    const list = expectStatus(await acme.user.get(`${KEYS}?limit=100`), 200);
    expect(list.data.find((key: { id: string }) => key.id === made.id).status).toBe('expired');
  });

  it.each<[string, object, string]>([
    ['without a mode', { name: 'x' }, '/mode'],
    ['of an unknown mode', { name: 'x', mode: 'prod' }, '/mode'],
    ['without a name', { mode: 'test' }, '/name'],
    ['that has expired', { name: 'x', mode: 'test', expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    ['restricted to nothing', { name: 'x', mode: 'test', kind: 'restricted' }, '/scopes'],
    ['restricted to an empty list', { name: 'x', mode: 'test', kind: 'restricted', scopes: [] }, '/scopes'],
    ['secret with scopes', { name: 'x', mode: 'test', scopes: ['customers:read'] }, '/scopes'],
    [
      'with an unknown scope',
      { name: 'x', mode: 'test', kind: 'restricted', scopes: ['no:such'] },
      '/scopes/0',
    ],
    ['for members', { name: 'x', mode: 'test', kind: 'restricted', scopes: ['members:write'] }, '/scopes/0'],
    ['for keys', { name: 'x', mode: 'test', kind: 'restricted', scopes: ['api_keys:write'] }, '/scopes/0'],
    ['with a hash of its own', { name: 'x', mode: 'test', hash: 'x' }, '/hash'],
    ['of another tenant', { name: 'x', mode: 'test', tenantId: 'ten_1' }, '/tenantId'],
  ])('%s is not made', async (_, body, pointer) => {
    const refused = expectStatus(await acme.user.post(KEYS, body), 400);
    expect(refused.errors.map((e: { pointer: string }) => e.pointer)).toContain(pointer);
  });
});

describe('what a key may do', () => {
  it('is nothing about the account, even for a secret key', async () => {
    for (const [method, path] of [
      ['PATCH', '/tenants/me'],
      ['GET', '/tenants/me/members'],
      ['POST', '/tenants/me/members'],
      ['GET', '/tenants/me/invitations'],
      ['GET', '/tenants/me/audit-log'],
      ['GET', KEYS],
      ['POST', KEYS],
      ['DELETE', `${KEYS}/key_1`],
      ['GET', '/auth/me'],
      ['GET', '/auth/sessions'],
      ['POST', '/auth/logout'],
    ] as const) {
      const answer = await acme.api.request(method, path, method === 'GET' ? undefined : {});
      expect(answer.status, `${method} ${path}`).toBe(403);
      expect(answer.body.code).toBe('forbidden');
    }
    expectStatus(await acme.api.get('/tenants/me'), 200);
  });

  it('is its scopes, for a restricted one', async () => {
    const reader = await testKey({ kind: 'restricted', scopes: ['customers:read'] });
    expect(reader.key).toMatch(/^rk_test_/);
    const api = nova.as(reader.key);
    await works(api);
    const refused = expectStatus(await api.post('/customers', { name: 'x' }), 403);
    expect(refused.detail).toContain('customers:write');
    expectStatus(await api.get('/tenants/me'), 403);
    const all = await testKey({ kind: 'restricted', scopes: [...KEY_PERMISSIONS] });
    await works(nova.as(all.key));
  });
});

describe('live mode', () => {
  it('starts with the first live key, and its data and test data never meet', async () => {
    const tenant = await nova.tenant();
    const live = await create({ name: 'Live', mode: 'live' }, tenant);
    expect(live.key).toMatch(/^sk_live_/);
    const liveApi = nova.as(live.key);
    const inTest = expectStatus(
      await tenant.api.post('/customers', { name: 'Test only', currency: 'NGN' }),
      201,
    );
    const inLive = expectStatus(
      await liveApi.post('/customers', { name: 'Live only', currency: 'NGN' }),
      201,
    );
    const names = async (api: Api) =>
      (await works(api)).data.map((customer: { name: string }) => customer.name);
    expect(await names(tenant.api)).toEqual(['Test only']);
    expect(await names(liveApi)).toEqual(['Live only']);
    expect(await names(tenant.user.with({ 'nova-mode': 'live' }))).toEqual(['Live only']);
    expect(inTest.id).not.toBe(inLive.id);
    expectStatus(await liveApi.get('/customers', { 'nova-mode': 'test' }), 400);
    expectStatus(await tenant.api.get('/customers', { 'nova-mode': 'live' }), 400);
    await create({ name: 'Second live', mode: 'live' }, tenant);
    const databases = await central.tenantDatabase.count({
      where: { tenantId: tenant.tenantId, mode: 'live' },
    });
    expect(databases).toBe(1);
  });

  it('makes one database when two first live keys are made at once', async () => {
    const tenant = await nova.tenant();
    const keys = await Promise.all([1, 2, 3].map((n) => create({ name: `Live ${n}`, mode: 'live' }, tenant)));
    for (const { key } of keys) await works(nova.as(key));
    const where = { tenantId: tenant.tenantId, mode: 'live', status: { not: 'retired' } };
    expect(await central.tenantDatabase.count({ where })).toBe(1);
  });

  it('makes no key when its database cannot be made, and both when tried again', async () => {
    const tenant = await nova.tenant();
    await central.databaseServer.updateMany({ data: { state: 'closed' } });
    const failed = await tenant.user.post(KEYS, { name: 'Live', mode: 'live' });
    await central.databaseServer.updateMany({ data: { state: 'open' } });
    expect(failed.status).toBe(503);
    expect(failed.body.code).toBe('no_database_server');
    expect(await central.apiKey.count({ where: { tenantId: tenant.tenantId, mode: 'live' } })).toBe(0);
    const made = await create({ name: 'Live', mode: 'live' }, tenant);
    await works(nova.as(made.key));
  });
});

describe('revoking', () => {
  it('ends a key within two seconds in every process', async () => {
    const other = await startNova({
      databases: nova.databases,
      processors: 'none',
      env: { JWT_SECRET: nova.config.jwtSecret, ENCRYPTION_KEY: nova.config.encryptionKey.toString('hex') },
    });
    try {
      const made = await testKey();
      await works(nova.as(made.key));
      await works(other.as(made.key));
      expectStatus(await acme.user.delete(`${KEYS}/${made.id}`), 204);
      await Promise.all([refusedSoon(nova.as(made.key)), refusedSoon(other.as(made.key))]);
    } finally {
      await other.stop();
    }
  });

  it('twice changes nothing, and of another tenant’s key is not found', async () => {
    const made = await testKey();
    expectStatus(await acme.user.delete(`${KEYS}/${made.id}`), 204);
    const { revokedAt } = await central.apiKey.findUniqueOrThrow({ where: { id: made.id } });
    expectStatus(await acme.user.delete(`${KEYS}/${made.id}`), 204);
    const after = await central.apiKey.findUniqueOrThrow({ where: { id: made.id } });
    expect(after.revokedAt).toEqual(revokedAt);
    const foreign = await nova.tenant();
    const theirs = expectStatus(await foreign.user.get(KEYS), 200).data[0];
    expectStatus(await acme.user.delete(`${KEYS}/${theirs.id}`), 404);
    expectStatus(await acme.user.post(`${KEYS}/${theirs.id}/roll`, {}), 404);
    await works(foreign.api);
  });
});

describe('rolling', () => {
  const roll = async (id: string, body: object = {}) =>
    expectStatus(await acme.user.post(`${KEYS}/${id}/roll`, body), 201);

  it('keeps both keys for the overlap, then the new one alone', async () => {
    const old = await testKey({ kind: 'restricted', scopes: ['customers:read'] });
    const made = await roll(old.id, { expireOldInSeconds: 1 });
    expect(made).toMatchObject({
      name: old.name,
      kind: 'restricted',
      scopes: ['customers:read'],
      expiresAt: null,
    });
    expect(made.key).not.toBe(old.key);
    await works(nova.as(old.key));
    await works(nova.as(made.key));
    await refusedSoon(nova.as(old.key), 3_000);
    await works(nova.as(made.key));
    const list = expectStatus(await acme.user.get(`${KEYS}?limit=100`), 200);
    expect(list.data.find((key: { id: string }) => key.id === old.id)).toMatchObject({
      status: 'expired',
      rolledToId: made.id,
    });
  });

  it('without an overlap ends the old key at once', async () => {
    const old = await testKey();
    await works(nova.as(old.key));
    const made = await roll(old.id);
    await refusedSoon(nova.as(old.key));
    await works(nova.as(made.key));
  });

  it('is for an active key that was not rolled before, with an overlap of seven days at most', async () => {
    const old = await testKey();
    const tooLong = expectStatus(
      await acme.user.post(`${KEYS}/${old.id}/roll`, { expireOldInSeconds: 604_801 }),
      400,
    );
    expect(tooLong.errors[0].pointer).toBe('/expireOldInSeconds');
    const answers = await Promise.all(
      [1, 2, 3].map(() => acme.user.post(`${KEYS}/${old.id}/roll`, { expireOldInSeconds: 604_800 })),
    );
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
    await works(nova.as(old.key));
    expectStatus(await acme.user.delete(`${KEYS}/${old.id}`), 204);
    expect((await acme.user.post(`${KEYS}/${old.id}/roll`, {})).body.code).toBe('api_key_not_active');
  });

  it('gives a key for a limited time one that lives as long from now', async () => {
    const old = await testKey({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    const made = await roll(old.id, { expireOldInSeconds: 604_800 });
    const life = Date.parse(made.expiresAt) - Date.parse(made.createdAt);
    expect(Math.abs(life - 3_600_000)).toBeLessThan(5_000);
    const row = await central.apiKey.findUniqueOrThrow({ where: { id: old.id } });
    expect(row.expiresAt?.toISOString(), 'no longer than it would have lived').toBe(old.expiresAt);
  });
});

describe('the last use', () => {
  it('is written within moments, with the address, and at most once a minute', async () => {
    const made = await testKey();
    expect(made.lastUsedAt).toBeNull();
    const before = Date.now();
    await works(nova.as(made.key));
    const row = () => central.apiKey.findUniqueOrThrow({ where: { id: made.id } });
    const first = await eventually(async () => {
      const { lastUsedAt, lastUsedIp } = await row();
      expect(lastUsedIp).toBe('127.0.0.1');
      return lastUsedAt;
    });
    expect(Math.abs((first?.getTime() ?? 0) - before)).toBeLessThan(5_000);
    for (let i = 0; i < 5; i++) await works(nova.as(made.key));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await row()).lastUsedAt).toEqual(first);
  });
});
