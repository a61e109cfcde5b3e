import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Api, expectStatus } from '../support/api.js';
import { spawnApi } from '../support/api-process.js';
import { asSuperuser } from '../support/central-database.js';
import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova } from '../support/nova.js';
import { queueOf } from '../support/queue-of.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

/** How long a mark is believed, and a sweeper's pause: what was lost is back after both at the latest. */
const LEASE_SECONDS = 45;

let nova: Nova;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
});
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await nova.stop();
});

const central = <T extends pg.QueryResultRow>(text: string) =>
  asSuperuser(nova.config.centralDatabaseUrl, async (client) => (await client.query<T>(text)).rows);

describe('an API that is killed after its commit', () => {
  it('before it told the queue or the due index has lost nothing', async () => {
    const due = await DueSubscriptions.of(nova);
    const api = await spawnApi(nova);
    // Whatever follows a commit begins with the due index: there it waits, and dies.
    const gate = new pg.Client({ connectionString: nova.config.centralDatabaseUrl });
    await gate.connect();
    await gate.query('BEGIN');
    await gate.query('LOCK TABLE due_work IN EXCLUSIVE MODE');
    const asked = new Api(api.url, due.tenant.testKey).post('/subscriptions', due.body);
    expectStatus(await asked, 201);
    await api.kill();
    await gate.query('ROLLBACK');
    await gate.end();

    expect(await due.progress()).toEqual({ invoices: 1, paid: 0, sent: 0 });
    expect(await due.outbox()).toMatchObject([
      { job: 'invoices.collect', relayed: false },
      { job: 'invoices.email', relayed: false },
    ]);
    for (const name of ['payments', 'mail'] as const) {
      const queue = await queueOf(nova, name);
      expect(await queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed', 'completed')).toBe(
        0,
      );
    }
    const [mark] = await central<{ left: number }>(
      'SELECT extract(epoch FROM lease_until - now())::float AS left FROM dirty_marks ORDER BY lease_until DESC',
    );
    expect(mark?.left).toBeLessThanOrEqual(LEASE_SECONDS);
    // The rest of the lease is not waited for.
    await central("UPDATE dirty_marks SET lease_until = now() - interval '1 s'");
    workers.push(spawnWorker(nova.config));
    await eventually(
      async () => {
        expect(await due.progress()).toEqual({ invoices: 1, paid: 1, sent: 1 });
        expect(await central('SELECT kind FROM due_work')).toContainEqual({ kind: 'billing' });
        expect(await due.outbox()).toEqual([]);
      },
      { withinMs: 120_000 },
    );
    expect(await due.faults()).toEqual({ doubles: 0, gaps: 0, charges: 0 });
  });
});
