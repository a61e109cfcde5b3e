import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { billOne } from '../support/fairness.js';
import { startNova, type Nova } from '../support/nova.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const MANY = 1_500;
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

describe('one tenant with 1,500 due subscriptions', () => {
  it('does not delay another tenant’s single one', async () => {
    const many = await DueSubscriptions.of(nova);
    const single = await DueSubscriptions.of(nova);
    const alone = [await billOne(single, 20_000), await billOne(single, 20_000)];
    await many.makeDue(MANY);
    await eventually(async () => expect((await many.progress()).sent).toBeGreaterThan(5), {
      withinMs: 20_000,
    });
    const beside = [];
    for (let round = 0; round < 3; round++) beside.push(await billOne(single, 20_000));
    const left = MANY - (await many.progress()).sent;
    expect(left, 'the many are still at it').toBeGreaterThan(0);
    expect(Math.max(...beside)).toBeLessThan(Math.min(...alone) + DELAY_MAX_MS);
  });
});
