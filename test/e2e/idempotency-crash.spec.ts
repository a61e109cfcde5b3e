import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { Api, type ApiResponse, expectStatus } from '../support/api.js';
import { type ApiProcess, spawnApi } from '../support/api-process.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { connectTo, tenantDatabaseUrl } from '../support/tenant-database.js';

/** Longer than the lease of a request whose process died. */
const TAKEN_OVER_WITHIN_MS = 25_000;

let nova: Nova;
let acme: TestTenant;
let processes: ApiProcess[];
/** The superuser's connections to the tenant's database and to central: they hold up what a request is at. */
let tenant: Client;
let central: Client;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  acme = await nova.tenant();
  processes = [];
  tenant = await connectTo(await tenantDatabaseUrl(nova.databases, acme.tenantId));
  central = await connectTo(nova.databases.centralUrl);
});

afterEach(async () => {
  await tenant.query('ROLLBACK');
  await central.query('ROLLBACK');
});

afterAll(async () => {
  for (const one of processes) await one.kill();
  await tenant.end();
  await central.end();
  await nova.stop();
});

async function startProcess(): Promise<ApiProcess> {
  const started = await spawnApi(nova);
  processes.push(started);
  return started;
}

const keyedAt = (url: string, key: string, token: string | null = acme.testKey) =>
  new Api(url, token, { 'idempotency-key': key });

/** Waits until a session of the database that `client` is connected to waits for a lock. */
const heldUp = (client: Client) =>
  eventually(
    async () => {
      // Within a transaction PostgreSQL would show the sessions as they were when they were first asked after.
      await client.query('SELECT pg_stat_clear_snapshot()');
      const { rowCount } = await client.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      expect(rowCount).toBeGreaterThan(0);
    },
    { withinMs: 10_000 },
  );

interface Hold {
  client: Client;
  lock: string;
  send: (url: string) => Promise<unknown>;
}

/** Sends requests to a process of their own, kills it when each has come to its lock, and gives the locks back. */
async function killWhileHeldUp(...holds: Hold[]): Promise<void> {
  const victim = await startProcess();
  for (const { client, lock } of holds) {
    await client.query('BEGIN');
    await client.query(lock);
  }
  const sent = holds.map(({ send }) => send(victim.url).catch(() => null));
  for (const { client } of holds) await heldUp(client);
  await victim.kill();
  expect(await Promise.all(sent)).toEqual(holds.map(() => null));
  for (const { client } of holds) await client.query('COMMIT');
}

/** The answer to the same request again: for a while it may be that the key is still in use, never anything else. */
const settled = (again: () => Promise<ApiResponse>) =>
  eventually(
    async () => {
      const answer = await again();
      if (answer.status === 409) expect(answer.body.code).toBe('idempotency_in_progress');
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer;
    },
    { withinMs: TAKEN_OVER_WITHIN_MS },
  );

const customersNamed = async (name: string): Promise<{ id: string }[]> =>
  (await tenant.query<{ id: string }>('SELECT id FROM customers WHERE name = $1', [name])).rows;

async function openInvoice(): Promise<string> {
  const customer = expectStatus(await acme.api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
  const token = 'pm_sandbox_success';
  expectStatus(await acme.api.post(`/customers/${customer.id}/payment-methods`, { token }), 201);
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  const draft = { customerId: customer.id, lines, collectionMethod: 'send_invoice' };
  const { id } = expectStatus(await acme.api.post('/invoices', draft), 201);
  expectStatus(await acme.api.post(`/invoices/${id}/finalize`), 200);
  return id;
}

/** A trigger that holds up whoever inserts into the table until this session gives its advisory lock back. */
async function holdUp(client: Client, { table, when }: { table: string; when: string }): Promise<void> {
  await client.query(`
    CREATE OR REPLACE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER held_up AFTER INSERT OR UPDATE ON ${table} ${when}
      FOR EACH ROW EXECUTE FUNCTION hold_up()`);
}

const letThrough = (client: Client, table: string) => client.query(`DROP TRIGGER held_up ON ${table}`);
const HELD = 'SELECT pg_advisory_xact_lock(4711)';

const countIn = async (client: Client, table: string, where: string) =>
  (await client.query(`SELECT 1 FROM ${table} WHERE ${where}`)).rowCount;

describe('a process that is killed in the middle of a POST with a key', () => {
  it('before its effect is committed: the same key makes the one object', async () => {
    const body = { name: 'Killed before commit' };
    await killWhileHeldUp({
      client: tenant,
      lock: 'LOCK TABLE idempotency_records IN EXCLUSIVE MODE',
      send: (url) => keyedAt(url, 'before').post('/customers', body),
    });
    const answer = await settled(() => keyedAt(nova.url, 'before').post('/customers', body));
    expect(await customersNamed(body.name)).toEqual([{ id: answer.body.id }]);
    const again = await keyedAt(nova.url, 'before').post('/customers', body);
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([answer.body, 'true']);
  });

  it('after the commit, before the answer: the same key gives the answer that was not sent', async () => {
    const body = { name: 'Killed after commit' };
    const founder = {
      email: 'founder@killed.example',
      password: 'correct horse battery',
      name: 'Ada Founder',
      company: 'Killed in the middle',
    };
    // Deferred triggers wait within COMMIT, which PostgreSQL brings to its end without the client.
    await holdUp(tenant, { table: 'customers', when: 'DEFERRABLE INITIALLY DEFERRED' });
    await holdUp(central, { table: 'sessions', when: 'DEFERRABLE INITIALLY DEFERRED' });
    await killWhileHeldUp(
      { client: tenant, lock: HELD, send: (url) => keyedAt(url, 'after').post('/customers', body) },
      {
        client: central,
        lock: HELD,
        send: (url) => keyedAt(url, 'register', null).post('/auth/register', founder),
      },
    );
    await letThrough(tenant, 'customers');
    await letThrough(central, 'sessions');

    const made = await settled(() => keyedAt(nova.url, 'after').post('/customers', body));
    expect(made.headers.get('idempotent-replayed')).toBe('true');
    expect(made.headers.get('etag')).toBe('"1"');
    expect(await customersNamed(body.name)).toEqual([{ id: made.body.id }]);

    const registered = await settled(() =>
      keyedAt(nova.url, 'register', null).post('/auth/register', founder),
    );
    expect(registered.headers.get('idempotent-replayed')).toBe('true');
    expectStatus(await nova.as(registered.body.apiKey.key).get('/customers'), 200);
    expect(await countIn(central, 'tenants', "name = 'Killed in the middle'")).toBe(1);
  });

  it('when a provider has charged and nobody heard, or a key is half made: the next one takes over', async () => {
    const invoice = await openInvoice();
    const pay = (url: string) => keyedAt(url, 'pay').post(`/invoices/${invoice}/pay`);
    const makeKey = (url: string) =>
      keyedAt(url, 'key', acme.accessToken).post('/tenants/me/api-keys', { name: 'Killed', mode: 'test' });
    await holdUp(tenant, { table: 'sandbox_charges', when: '' });
    await killWhileHeldUp(
      { client: tenant, lock: HELD, send: pay },
      { client: central, lock: 'LOCK TABLE api_keys IN EXCLUSIVE MODE', send: makeKey },
    );
    await letThrough(tenant, 'sandbox_charges');
    const charges = () =>
      countIn(tenant, 'sandbox_charges', `reference LIKE '%${invoice.slice('inv_'.length)}%'`);
    expect(await charges()).toBe(1);
    expect((await pay(nova.url)).body.code).toBe('idempotency_in_progress');

    const paid = await settled(() => pay(nova.url));
    expect(paid.body).toMatchObject({ invoiceId: invoice, status: 'succeeded', attempt: 1 });
    expect([await charges(), await countIn(tenant, 'payments', `invoice_id = '${invoice}'`)]).toEqual([1, 1]);
    expect(expectStatus(await acme.api.get(`/invoices/${invoice}`), 200).status).toBe('paid');

    const made = await settled(() => makeKey(nova.url));
    expect(made.body.key).toMatch(/^sk_test_/);
    expect(await countIn(central, 'api_keys', "name = 'Killed'")).toBe(1);
  });
});

describe('two processes', () => {
  it('that get one request a hundred times have one effect', async () => {
    const urls = [(await startProcess()).url, nova.url];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        keyedAt(urls[n % 2] ?? nova.url, 'both').post('/customers', { name: 'Both' }),
      ),
    );
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect((await customersNamed('Both')).map(({ id }) => id)).toEqual([...ids]);
    for (const { body } of answers.filter(({ status }) => status !== 201)) {
      expect(body.code).toBe('idempotency_in_progress');
    }
    for (const url of urls) {
      expectStatus(await keyedAt(url, 'both').post('/customers', { name: 'Others' }), 422);
      expect(expectStatus(await keyedAt(url, 'both').post('/customers', { name: 'Both' }), 201).id).toBe(
        [...ids][0],
      );
    }
  });
});
