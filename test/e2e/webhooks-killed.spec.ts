import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Api, expectStatus } from '../support/api.js';
import { spawnApi } from '../support/api-process.js';
import { asSuperuser } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { tenantDatabaseUrl } from '../support/tenant-database.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

let nova: Nova;
let tenant: TestTenant;
let receiver: WebhookReceiver;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  tenant = await nova.tenant();
  receiver = await WebhookReceiver.start();
});
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await nova.stop();
  await receiver.close();
});

const central = (text: string) =>
  asSuperuser(nova.config.centralDatabaseUrl, async (client) => (await client.query(text)).rows as unknown[]);
const inTenant = async (text: string) =>
  asSuperuser(await tenantDatabaseUrl(nova.databases, tenant.tenantId), async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  });
const within = { withinMs: 120_000 };

describe('a process that is killed', () => {
  it('between a commit and the dispatch has lost no delivery, and makes none twice', async () => {
    const endpoint = { url: receiver.url, eventTypes: ['customer.created'] };
    const { secret } = expectStatus(await tenant.api.post('/webhook-endpoints', endpoint), 201);
    const api = await spawnApi(nova);
    // Whatever follows a commit begins with the due index: there it waits, and dies.
    const gate = new pg.Client({ connectionString: nova.config.centralDatabaseUrl });
    await gate.connect();
    await gate.query('BEGIN');
    await gate.query('LOCK TABLE due_work IN EXCLUSIVE MODE');
    expectStatus(await new Api(api.url, tenant.testKey).post('/customers', { name: 'Zuri' }), 201);
    await api.kill();
    await gate.query('ROLLBACK');
    await gate.end();
    expect(await inTenant('SELECT status, attempts FROM webhook_deliveries')).toEqual([
      { status: 'pending', attempts: 0 },
    ]);
    expect(await central(`SELECT kind FROM due_work WHERE kind = 'webhooks'`)).toEqual([]);
    // The rest of the lease is not waited for.
    await central("UPDATE dirty_marks SET lease_until = now() - interval '1 s'");
    workers.push(spawnWorker(nova.config));
    await eventually(async () => {
      expect(await inTenant('SELECT status, attempts FROM webhook_deliveries')).toEqual([
        { status: 'succeeded', attempts: 1 },
      ]);
    }, within);
    expect(receiver.received).toHaveLength(1);
    receiver.verifyAll(secret);
  });

  it('while a receiver takes its time is made up for by the next, under the same id', async () => {
    receiver.answerWith(() => undefined);
    expectStatus(await tenant.api.post('/customers', { name: 'Kofi' }), 201);
    await eventually(() => Promise.resolve(expect(receiver.received).toHaveLength(2)), within);
    await workers.pop()?.kill();
    receiver.answerWith((_request, response) => void response.writeHead(204).end());
    // The rest of the lease on the endpoint is not waited for.
    await inTenant('UPDATE webhook_endpoints SET leased_until = now()');
    await central("UPDATE due_work SET due_at = now(), claimed_until = NULL WHERE kind = 'webhooks'");
    workers.push(spawnWorker(nova.config));
    await eventually(async () => {
      expect(await inTenant('SELECT DISTINCT status FROM webhook_deliveries')).toEqual([
        { status: 'succeeded' },
      ]);
    }, within);
    const [, first, second] = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(second).toBe(first);
  });
});
