import { JobQueues } from '@nova/core/platform/queues/job-queues.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova } from '../support/nova.js';
import { queueOf } from '../support/queue-of.js';
import { OwnRedis, REDIS_IS_HERE } from '../support/own-redis.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const MANY = 200;
/** All that was due is on the queues again. */
const BACK_WITHIN_MS = 60_000;

if (!REDIS_IS_HERE) console.warn('FLUSHALL is not tested: redis-server is not installed.');

/** Keeps what billing causes on its queues. */
async function pause(nova: Nova): Promise<void> {
  for (const name of ['payments', 'mail'] as const) await (await queueOf(nova, name)).pause();
}

describe.skipIf(!REDIS_IS_HERE)('a Redis that is emptied in the middle of a billing run', () => {
  let redis: OwnRedis;
  let nova: Nova;
  let worker: WorkerProcess;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    nova = await startNova({ processors: 'none', env: { REDIS_URL: redis.url } });
    worker = spawnWorker(nova.config);
  });
  afterAll(async () => {
    await worker.kill();
    await nova.stop();
    await redis.stop();
  });

  it('has all due work back within a minute, and nothing is billed, charged or sent twice', async () => {
    const queues = nova.app.get(JobQueues, { strict: false });
    const due = await DueSubscriptions.of(nova);
    await pause(nova);
    await due.makeDue(MANY);
    await eventually(async () => expect((await due.progress()).invoices).toBeGreaterThan(MANY / 4), {
      withinMs: 60_000,
    });
    // In the middle of a run of billing: its job is lost, and with it that the queues are paused.
    await redis.flushAll();
    await pause(nova);
    await eventually(async () => expect((await due.progress()).invoices).toBe(MANY), { withinMs: 120_000 });
    const lost = await eventually(async () => {
      const relayed = (await due.outbox()).filter((entry) => entry.relayed);
      expect(relayed.length).toBeGreaterThan(50);
      return relayed;
    });
    await redis.flushAll();
    const flushed = performance.now();
    // On its queue again, or come to its end since.
    const missing = async () => {
      const left = new Set((await due.outbox()).map(({ id }) => id));
      const places = await Promise.all(lost.map((entry) => queues.placeOf(entry)));
      return lost.filter(({ id }, at) => places[at] === 'nowhere' && left.has(id));
    };
    await eventually(async () => expect(await missing()).toEqual([]), { withinMs: BACK_WITHIN_MS });
    console.log(
      `${lost.length} jobs were lost; the last was back after ${Math.round(performance.now() - flushed)} ms.`,
    );
    await eventually(
      async () => expect(await due.progress()).toEqual({ invoices: MANY, paid: MANY, sent: MANY }),
      { withinMs: 180_000 },
    );
    expect(await due.faults()).toEqual({ doubles: 0, gaps: 0, charges: 0 });
    expect(await due.outbox()).toEqual([]);
    expect(nova.mail.list()).toHaveLength(MANY);
    expect(worker.exited()).toBe(false);
  });
});
