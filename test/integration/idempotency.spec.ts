import { request } from 'node:http';

import { OpenDatabases } from '@nova/core/tenancy/context/open-databases.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { DailyTasks } from '@nova/core/tenancy/dirty-marks/daily-tasks.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { tenantDatabaseUrl } from '../support/tenant-database.js';

let nova: Nova;
let acme: TestTenant;
let serial = 0;

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
});

afterAll(() => nova.stop());

const newKey = () => `key-${(serial += 1)}`;
const withKey = (key: string, api: Api = acme.api) => api.with({ 'idempotency-key': key });
const service = <T>(type: new (...args: never[]) => T): T => nova.app.get<T>(type, { strict: false });

async function customersNamed(name: string, api = acme.api): Promise<number> {
  const { data } = expectStatus(await api.get('/customers?limit=100'), 200);
  return data.filter((customer: { name: string }) => customer.name === name).length;
}

async function inDatabase<T>(tenant: TestTenant, sql: string, values: unknown[] = []): Promise<T[]> {
  const url = await tenantDatabaseUrl(nova.databases, tenant.tenantId);
  return asSuperuser(url, async (client) => (await client.query(sql, values)).rows as T[]);
}

describe('a key', () => {
  it('is refused when it is empty, too long or not printable, and heeded on POST alone', async () => {
    for (const key of ['', 'k'.repeat(256), 'a\tb']) {
      const answer = await withKey(key).post('/customers', { name: 'Never' });
      expect(answer.body).toMatchObject({ status: 400, code: 'idempotency_key_invalid' });
    }
    expectStatus(await withKey('').get('/customers'), 200);
    expect(await customersNamed('Never')).toBe(0);
  });

  it('may be tried again after a refusal, with what was wrong put right', async () => {
    const keyed = withKey(newKey());
    expectStatus(await keyed.post('/customers', { name: '' }), 400);
    const subscription = { customerId: 'late', planId: 'late' };
    expectStatus(await keyed.post('/subscriptions', subscription), 404);
    const first = expectStatus(await keyed.post('/customers', { name: 'Late', externalId: 'late' }), 201);
    const taken = withKey(newKey());
    expectStatus(await taken.post('/customers', { name: 'Again', externalId: 'late' }), 409);
    expectStatus(await acme.api.patch(`/customers/${first.id}`, { externalId: null }), 200);
    expectStatus(await taken.post('/customers', { name: 'Again', externalId: 'late' }), 201);
  });

  it('is a program’s whatever API key it has, so one that was rolled replays', async () => {
    const made = expectStatus(
      await acme.user.post('/tenants/me/api-keys', { name: 'Old', mode: 'test' }),
      201,
    );
    const key = newKey();
    const first = expectStatus(await withKey(key, nova.as(made.key)).post('/plans', { name: 'Rolled' }), 201);
    const rolled = expectStatus(
      await acme.user.post(`/tenants/me/api-keys/${made.id}/roll`, { expireOldInSeconds: 0 }),
      201,
    );
    const again = await withKey(key, nova.as(rolled.key)).post('/plans', { name: 'Rolled' });
    expect(expectStatus(again, 201).id).toBe(first.id);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('of another caller, mode or tenant is another key', async () => {
    const key = newKey();
    const live = expectStatus(
      await acme.user.post('/tenants/me/api-keys', { name: 'Live', mode: 'live' }),
      201,
    );
    const other = await nova.tenant();
    const ids = new Set<string>();
    for (const api of [acme.api, acme.user, nova.as(live.key), other.api, other.user]) {
      ids.add(expectStatus(await withKey(key, api).post('/plans', { name: 'Same' }), 201).id);
    }
    expect(ids.size).toBe(5);
  });

  it('is free again when its day is over, and its record goes with the daily visit', async () => {
    const keyed = withKey('of yesterday');
    const first = expectStatus(await keyed.post('/plans', { name: 'Daily' }), 201);
    const expire = () =>
      inDatabase(
        acme,
        "UPDATE idempotency_records SET expires_at = now() - interval '1 s' WHERE key = 'of yesterday'",
      );
    const count = async () =>
      (await inDatabase(acme, "SELECT 1 FROM idempotency_records WHERE key = 'of yesterday'")).length;
    await expire();
    const second = await keyed.post('/plans', { name: 'Daily, of another day' });
    expect(expectStatus(second, 201).id).not.toBe(first.id);
    await expire();
    const tenant = await service(TenantDirectory).fresh(acme.tenantId);
    const snapshot = tenant?.databases.find(({ mode }) => mode === 'test');
    if (!snapshot) throw new Error('The tenant has no test database.');
    const database = await service(OpenDatabases).open(snapshot);
    await service(DailyTasks).run(database);
    database.release();
    expect(await count()).toBe(0);
  });
});

describe('a hundred at once', () => {
  it('have one effect; the others are told to wait, or get the first one’s answer', async () => {
    const keyed = withKey(newKey());
    const body = { name: 'Hundred' };
    const answers = await Promise.all(Array.from({ length: 100 }, () => keyed.post('/customers', body)));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map((answer) => answer.body.id)).size).toBe(1);
    expect(done.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer.body).toMatchObject({ status: 409, code: 'idempotency_in_progress' });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect(await customersNamed('Hundred')).toBe(1);
    expectStatus(await keyed.post('/customers', { name: 'Other' }), 422);
  });

  it('make one API key, and one tenant', async () => {
    const user = withKey(newKey(), acme.user);
    const body = { name: 'Hundredth', mode: 'test' };
    const keys = await Promise.all(
      Array.from({ length: 100 }, () => user.post('/tenants/me/api-keys', body)),
    );
    expect(new Set(keys.filter(({ status }) => status === 201).map((answer) => answer.body.key)).size).toBe(
      1,
    );
    expect(keys.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const list = expectStatus(await acme.user.get('/tenants/me/api-keys?limit=100'), 200);
    expect(list.data.filter((key: { name: string }) => key.name === 'Hundredth')).toHaveLength(1);

    const keyed = withKey(newKey(), nova.anonymous);
    const founder = { email: 'hundred@acme.example', password: 'correct horse', name: 'H', company: 'H' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => keyed.post('/auth/register', founder)),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer.body.code).toBe('idempotency_in_progress');
    }
  });
});

describe('a client that hangs up', () => {
  it('learns with the same key what became of its request', async () => {
    for (let afterMs = 0; afterMs < 12; afterMs += 2) {
      const key = newKey();
      const name = `Hung up after ${afterMs} ms`;
      await hangUp(key, JSON.stringify({ name }), afterMs);
      const created = await eventually(async () =>
        expectStatus(await withKey(key).post('/customers', { name }), 201),
      );
      expect(created.name).toBe(name);
      expect(await customersNamed(name)).toBe(1);
    }
  });

  function hangUp(key: string, body: string, afterMs: number): Promise<void> {
    return new Promise((resolve) => {
      const headers = {
        authorization: `Bearer ${acme.testKey}`,
        'idempotency-key': key,
        'content-type': 'application/json',
      };
      const sent = request(`${nova.url}/api/customers`, { method: 'POST', headers });
      sent.on('error', () => resolve());
      sent.on('response', (response) => response.on('error', () => {}).resume());
      sent.on('close', () => resolve());
      sent.end(body);
      setTimeout(() => sent.destroy(), afterMs);
    });
  }
});

describe('what is stored', () => {
  it('never shows in central what is shown once', async () => {
    const keyed = withKey(newKey(), acme.user);
    const { key } = expectStatus(
      await keyed.post('/tenants/me/api-keys', { name: 'Sealed', mode: 'test' }),
      201,
    );
    const rows = await asSuperuser(nova.databases.centralUrl, async (central) =>
      JSON.stringify((await central.query('SELECT * FROM idempotency_records')).rows),
    );
    expect(rows).toContain('sealed_body');
    expect(rows).not.toContain(key);
    expect(rows).not.toContain('Sealed');
  });

  it('is in the transaction of the effect: when it cannot be stored, there is no effect', async () => {
    const url = await tenantDatabaseUrl(nova.databases, acme.tenantId);
    await asSuperuser(url, async (client) => {
      await client.query(
        "ALTER TABLE idempotency_records ADD CONSTRAINT full_up CHECK (key <> 'unlucky') NOT VALID",
      );
      expectStatus(await withKey('unlucky').post('/customers', { name: 'Unlucky' }), 500);
      await client.query('ALTER TABLE idempotency_records DROP CONSTRAINT full_up');
    });
    expect(await customersNamed('Unlucky')).toBe(0);
    expectStatus(await withKey('unlucky').post('/customers', { name: 'Unlucky' }), 201);
  });
});
