import { dropped } from '@nova/core/features/request-log/request-log-metrics.js';
import { DailyTasks } from '@nova/core/tenancy/dirty-marks/daily-tasks.js';
import { type OpenDatabase, OpenDatabases } from '@nova/core/tenancy/context/open-databases.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

/** Lines are written within a second, on a machine that has nothing else to do. */
const PATIENCE = { withinMs: 10_000 };

let nova: Nova;
let acme: TestTenant;

beforeAll(async () => {
  nova = await startNova({ processors: 'none', env: { REQUEST_LOG_DAYS: '7' } });
  acme = await nova.tenant();
});

afterAll(() => nova.stop());

interface Logged {
  requestId: string;
  method: string;
  path: string;
  status: number;
  errorCode: string | null;
  createdAt: string;
}

const list = async (api: Api, query = ''): Promise<Logged[]> =>
  expectStatus(await api.get(`/request-log${query}`), 200).data;

/** The line of one request, once it is written. */
function lineOf(requestId: string | null, api: Api = acme.api): Promise<Logged> {
  return eventually(async () => {
    const [line] = await list(api, `?requestId=${requestId}`);
    expect(line).toBeDefined();
    return line as Logged;
  }, PATIENCE);
}

async function openDatabase(): Promise<OpenDatabase> {
  const tenant = await nova.app.get(TenantDirectory, { strict: false }).get(acme.tenantId);
  const snapshot = tenant?.databases[0];
  if (!snapshot) throw new Error('The tenant has no database.');
  return nova.app.get(OpenDatabases, { strict: false }).open(snapshot);
}

async function asOwner(sql: string): Promise<void> {
  const database = await openDatabase();
  const { rows } = await database.pool.query<{ name: string }>('SELECT current_database() AS name');
  database.release();
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${rows[0]?.name}`;
  await asSuperuser(url.href, (client) => client.query(sql));
}

async function droppedRows(): Promise<number> {
  const { values } = await dropped.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** So that another process opens what this one has sealed. */
function keysOf({ config }: Nova): Record<string, string> {
  return { ENCRYPTION_KEY: config.encryptionKey.toString('hex'), JWT_SECRET: config.jwtSecret };
}

describe('the request log', () => {
  it('has what was asked and answered, and nothing of what was said', async () => {
    const body = { name: 'Ada Lovelace', email: 'ada@secret.example', currency: 'KES' };
    const headers = { 'Idempotency-Key': 'order-17', 'User-Agent': 'acme-shop/1.0' };
    const made = await acme.api.post('/customers', body, headers);
    expect(await lineOf(made.headers.get('request-id'))).toEqual({
      object: 'request',
      id: expect.stringMatching(/^rql_/),
      requestId: made.headers.get('request-id'),
      method: 'POST',
      path: '/api/customers',
      route: '/api/customers',
      status: 201,
      errorCode: null,
      actorType: 'api_key',
      actorId: expect.stringMatching(/^key_/),
      ipAddress: '127.0.0.1',
      userAgent: 'acme-shop/1.0',
      idempotencyKey: 'order-17',
      durationMs: expect.any(Number),
      createdAt: expect.any(String),
    });
    const everything = JSON.stringify(await list(acme.api));
    for (const secret of ['Lovelace', 'secret.example', acme.testKey])
      expect(everything).not.toContain(secret);
  });

  it('has failures with their code, and can be searched for them', async () => {
    const missing = await acme.user.get('/customers/nobody?surprise=ada@acme.example');
    const line = await lineOf(missing.headers.get('request-id'));
    expect(line).toMatchObject({ status: missing.status, errorCode: missing.body.code, actorType: 'user' });
    expect(line.path).toBe('/api/customers/nobody?surprise=…');
    const found = async (query: string) =>
      (await list(acme.api, `${query}&requestId=${line.requestId}`)).map(({ requestId }) => requestId);
    for (const query of [
      '?status=4xx',
      `?status=${missing.status}`,
      `?errorCode=${missing.body.code}`,
      '?method=GET',
    ]) {
      expect(await found(query)).toContain(line.requestId);
    }
    for (const query of ['?status=5xx', '?status=201', '?errorCode=conflict', '?method=POST']) {
      expect(await found(query)).not.toContain(line.requestId);
    }
    expect((await acme.api.get('/request-log?status=abc')).status).toBe(400);
  });

  it('is one of each tenant and mode, and has no request that opened none', async () => {
    const other = await nova.tenant();
    const refused = await nova.as('sk_test_wrong').get('/customers');
    const account = await acme.user.get('/tenants/me');
    const made = await acme.api.get('/customers');
    const line = await lineOf(made.headers.get('request-id'));
    const ids = (await list(acme.api, '?limit=100')).map(({ requestId }) => requestId);
    expect(ids).not.toContain(refused.headers.get('request-id'));
    expect(ids).not.toContain(account.headers.get('request-id'));
    expect((await list(other.api, '?limit=100')).map(({ requestId }) => requestId)).not.toContain(
      line.requestId,
    );
  });

  it('lists all of a burst, newest first', async () => {
    const answers = await Promise.all(Array.from({ length: 130 }, () => acme.api.get('/plans')));
    const asked = new Set(answers.map((answer) => answer.headers.get('request-id')));
    await eventually(async () => {
      const listed: Logged[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { data: Logged[]; nextCursor: string | null } = expectStatus(
          await acme.api.get(`/request-log?limit=100${cursor && `&cursor=${cursor}`}`),
          200,
        );
        listed.push(...page.data);
        cursor = page.nextCursor;
      }
      expect(listed.filter(({ requestId }) => asked.has(requestId))).toHaveLength(130);
      const moments = listed.map(({ createdAt }) => createdAt);
      expect(moments).toEqual([...moments].sort().reverse());
    }, PATIENCE);
  });

  it('forgets after the days it is kept, on the daily visit', async () => {
    const database = await openDatabase();
    try {
      await database.pool.query(
        `INSERT INTO request_log (id, request_id, method, path, route, status, actor_type, actor_id, duration_ms, created_at)
         SELECT 'rql_old_' || age, 'r', 'GET', '/', '/', 200, 'user', 'u', 1, now() - make_interval(days => age)
         FROM unnest(ARRAY[6, 8, 400]) AS age`,
      );
      await nova.app.get(DailyTasks, { strict: false }).run(database);
      const { rows } = await database.pool.query(`SELECT id FROM request_log WHERE id LIKE 'rql_old_%'`);
      expect(rows).toEqual([{ id: 'rql_old_6' }]);
    } finally {
      database.release();
    }
  });

  it('fails no request when it cannot be written, and says that lines are missing', async () => {
    const before = await droppedRows();
    await asOwner('ALTER TABLE request_log RENAME TO request_log_away');
    try {
      expect((await acme.api.get('/customers')).status).toBe(200);
      await eventually(async () => expect(await droppedRows()).toBeGreaterThan(before), PATIENCE);
    } finally {
      await asOwner('ALTER TABLE request_log_away RENAME TO request_log');
    }
  });

  it('has the last requests of a process that was stopped', async () => {
    const { databases } = nova;
    const second = await startNova({ databases, processors: 'none', env: keysOf(nova) });
    const answer = await second.as(acme.testKey).get('/customers');
    await second.stop();
    expect((await list(acme.api, `?requestId=${answer.headers.get('request-id')}`)).length).toBe(1);
  });
});
