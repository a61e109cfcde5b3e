import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { DueSubscriptions } from '../support/due-subscriptions.js';
import { startNova, type Nova } from '../support/nova.js';
import { connectTo, tenantDatabaseUrl } from '../support/tenant-database.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const SUBSCRIPTIONS = 1_000;
const KILLS = 10;
/** A worker that has just begun takes about as long for its first batch of a few hundred. */
const WITHIN_MS = 400;

let nova: Nova;
let subscriptions: DueSubscriptions;
let database: pg.Client;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  // A queue in PostgreSQL, so that the workers' jobs are not those of another file.
  nova = await startNova({ processors: 'none', env: { REDIS_URL: '' } });
  subscriptions = await DueSubscriptions.of(nova);
  database = await connectTo(await tenantDatabaseUrl(nova.databases, subscriptions.tenant.tenantId));
  database.on('error', () => undefined);
});

afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await database.end();
  await subscriptions.close();
  await nova.stop();
});

function startWorker(): WorkerProcess {
  const worker = spawnWorker(nova.config);
  workers.push(worker);
  return worker;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}\n${workers.at(-1)?.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function isBilling(): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
     WHERE c.relname = 'billing_periods' AND l.mode = 'RowExclusiveLock' OR c.relname = 'subscriptions' AND l.mode = 'RowShareLock'
     LIMIT 1`,
  );
  return rows.length > 0;
}

describe('a billing run of 1,000 subscriptions', () => {
  it('leaves exactly 1,000 right invoices when it is killed at ten random points', async () => {
    await subscriptions.makeDue(SUBSCRIPTIONS);
    let kills = 0;
    while (kills < KILLS && (await subscriptions.progress()).invoices < SUBSCRIPTIONS) {
      const worker = startWorker();
      await until(isBilling, 'a batch being billed');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * WITHIN_MS));
      await worker.kill();
      kills += 1;
    }
    expect(kills, 'killed while there was something to bill').toBeGreaterThan(1);
    const last = startWorker();
    await until(
      async () => (await subscriptions.progress()).invoices >= SUBSCRIPTIONS,
      'all invoices after the last restart',
    );
    await last.kill();

    const { rows } = await database.query(
      `SELECT count(*)::int AS invoices, count(DISTINCT subscription_id)::int AS subscriptions,
         min(sequence)::int AS first, max(sequence)::int AS last, count(DISTINCT sequence)::int AS numbers,
         min(total)::int AS least, max(total)::int AS most, count(*) FILTER (WHERE status = 'draft')::int AS drafts,
         (SELECT count(*)::int FROM invoice_lines) AS lines,
         (SELECT count(*)::int FROM billing_periods WHERE invoice_id IS NOT NULL) AS claims,
         (SELECT count(*)::int FROM subscriptions WHERE next_billing_at <= now()) AS due
       FROM invoices`,
    );
    const [{ least, ...found }] = rows;
    expect(found).toEqual({
      invoices: SUBSCRIPTIONS,
      subscriptions: SUBSCRIPTIONS,
      first: 1,
      last: SUBSCRIPTIONS,
      numbers: SUBSCRIPTIONS,
      most: least,
      drafts: 0,
      lines: SUBSCRIPTIONS,
      claims: SUBSCRIPTIONS,
      due: 0,
    });
    expectStatus(await subscriptions.tenant.api.get('/invoices?limit=1'), 200);
  });
});
