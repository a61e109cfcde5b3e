import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Api, expectStatus } from '../support/api.js';
import { type ApiProcess, spawnApi } from '../support/api-process.js';
import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova } from '../support/nova.js';
import { queueOf } from '../support/queue-of.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const MANY = 60;
const SINGLES = 4;
const BY_API = 4;

let nova: Nova;
let singles: DueSubscriptions[];
let many: DueSubscriptions;
let apis: ApiProcess[] = [];
let workers: WorkerProcess[] = [];

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  // Before six processes start at once and leave nothing of a small machine to anybody else.
  singles = await Promise.all(Array.from({ length: SINGLES }, async () => DueSubscriptions.of(nova)));
  many = await DueSubscriptions.of(nova);
  workers = [1, 2, 3].map(() => spawnWorker(nova.config));
  apis = await Promise.all([1, 2, 3].map(() => spawnApi(nova)));
});
afterAll(async () => {
  await Promise.all([...apis, ...workers].map((program) => program.kill()));
  await nova.stop();
});

describe('three APIs and three workers at once', () => {
  it('bill each subscription exactly once, with one job for each find of a tick', async () => {
    await many.makeDue(MANY);
    await Promise.all(singles.map((single) => single.makeDue(1)));
    await Promise.all(
      apis.map(async ({ url }) => {
        const api = new Api(url, many.tenant.testKey);
        for (let made = 0; made < BY_API; made++)
          expectStatus(await api.post('/subscriptions', many.body), 201);
      }),
    );
    const all = MANY + apis.length * BY_API;
    await eventually(
      async () => {
        expect(await many.progress()).toEqual({ invoices: all, paid: all, sent: all });
        for (const single of singles)
          expect(await single.progress()).toEqual({ invoices: 1, paid: 1, sent: 1 });
      },
      { withinMs: 120_000 },
    );
    for (const tenant of [many, ...singles])
      expect(await tenant.faults()).toEqual({ doubles: 0, gaps: 0, charges: 0 });
    const billing = await queueOf(nova, 'billing');
    const jobs = await billing.getJobs([
      'completed',
      'active',
      'waiting',
      'prioritized',
      'delayed',
      'failed',
    ]);
    for (const { tenant } of singles)
      expect(jobs.filter(({ data }) => data.tenantId === tenant.tenantId)).toHaveLength(1);
  });
});
