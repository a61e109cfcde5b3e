import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { billOne } from '../support/fairness.js';
import { startNova, type Nova } from '../support/nova.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const MANY = 50_000;
const ROUNDS = 40;
/** What the one may wait for the many. */
const DELAY_MAX_MS = 5_000;

let nova: Nova;
let worker: WorkerProcess;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  worker = spawnWorker(nova.config);
});
afterAll(async () => {
  await worker.kill();
  await nova.stop();
});

describe('one tenant with 50,000 due subscriptions', () => {
  it('does not delay another tenant’s single one, from the first minute on', async () => {
    const [many, single] = [await DueSubscriptions.of(nova), await DueSubscriptions.of(nova)];
    const alone = [
      await billOne(single, 30_000),
      await billOne(single, 30_000),
      await billOne(single, 30_000),
    ];
    await many.makeDue(MANY);
    await eventually(async () => expect((await many.progress()).sent).toBeGreaterThan(0), {
      withinMs: 60_000,
    });
    const beside = [];
    for (let round = 0; round < ROUNDS; round++) {
      beside.push(await billOne(single, 30_000));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    const progress = await many.progress();
    console.log('alone', alone.map(Math.round), 'beside', beside.map(Math.round), progress);
    expect(progress.sent, 'the many are still at it').toBeLessThan(MANY);
    expect(Math.max(...beside)).toBeLessThan(Math.min(...alone) + DELAY_MAX_MS);
    expect(await many.faults()).toEqual({ doubles: 0, gaps: 0, charges: 0 });
  });
});
