import { setTimeout as sleep } from 'node:timers/promises';

import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { startPaystackFake } from '../fakes/paystack/start-paystack-fake.js';
import { expectStatus } from '../support/api.js';
import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova } from '../support/nova.js';
import { OwnRedis, REDIS_IS_HERE } from '../support/own-redis.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const EMAIL = 'asha@acme.example';
const CHARGES = '/transaction/charge_authorization';
const MANY = 60;
const KILLS = 3;
/** A worker has to start first, on whatever machine this is. */
const BEGUN_WITHIN_MS = 240_000;
/** What is under way when its process ends is known to be how it is within this. */
const RECONCILED_WITHIN_MS = 120_000;

if (!REDIS_IS_HERE) console.warn('Workers are not killed while they charge: redis-server is not installed.');

describe.skipIf(!REDIS_IS_HERE)('a worker that is killed while it charges', () => {
  let redis: OwnRedis;
  let nova: Nova;
  let fake: Awaited<ReturnType<typeof startPaystackFake>>;
  let worker: WorkerProcess;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    fake = await startPaystackFake({ authorizations: [{ code: 'AUTH_saved', email: EMAIL }] });
    nova = await startNova({
      processors: 'none',
      env: { REDIS_URL: redis.url, PAYSTACK_URL: fake.url },
    });
    worker = spawnWorker(nova.config);
  });
  afterAll(async () => {
    await worker.kill();
    await nova.stop();
    await fake.stop();
    await redis.stop();
  });

  async function restart(): Promise<void> {
    await worker.kill();
    worker = spawnWorker(nova.config);
  }

  /** Subscriptions of a customer whose card is saved at Paystack. */
  async function payingByPaystack(): Promise<DueSubscriptions> {
    const due = await DueSubscriptions.of(nova);
    const { api, tenantId } = due.tenant;
    const account = { provider: 'paystack', credentials: { secretKey: PAYSTACK_DEMO_KEYS.test } };
    expectStatus(await api.post('/payment-providers', account), 201);
    const contexts = nova.app.get(TenantContexts, { strict: false });
    const actor = { type: 'system', id: 'spec' } as const;
    await contexts.run({ tenantId, mode: 'test', actor, requestId: null }, (ctx) =>
      ctx.transaction((tx) =>
        tx.db.paymentMethod.updateMany({
          data: { provider: 'paystack', token: 'AUTH_saved', email: EMAIL },
        }),
      ),
    );
    return due;
  }

  /** Every invoice of the tenant was paid by one capture of its sum, and by no more than one. */
  async function expectEachPaidOnce(due: DueSubscriptions, count: number): Promise<void> {
    expect(await due.faults()).toMatchObject({ doubles: 0, gaps: 0 });
    fake.truth.assertSound();
    const captures = fake.truth.all().filter(({ kind }) => kind === 'capture');
    expect(captures).toHaveLength(count);
    // Of each attempt one, and of each invoice one attempt.
    const invoices = new Set(captures.map(({ reference }) => reference.replace(/-\d+$/, '')));
    expect(invoices.size).toBe(count);
  }

  it('charges once, and finds out by its reference what became of the charge', async () => {
    const due = await payingByPaystack();
    // Accepted, and the answer is on its way for longer than the worker lives.
    fake.control.script({ match: { path: CHARGES }, do: { delayMs: 600_000 } });
    await due.makeDue(1);
    await eventually(async () => expect(fake.truth.all()).toHaveLength(1), {
      withinMs: BEGUN_WITHIN_MS,
    });
    await restart();
    const killed = performance.now();
    await eventually(async () => expect(await due.progress()).toMatchObject({ invoices: 1, paid: 1 }), {
      withinMs: RECONCILED_WITHIN_MS,
    });
    console.log(`The charge was known after ${Math.round((performance.now() - killed) / 1_000)} s.`);
    await expectEachPaidOnce(due, 1);
    const posts = fake.control.journal().filter(({ path }) => path === CHARGES);
    expect(posts).toHaveLength(1);
    await due.close();
  });

  it(`bills ${MANY} subscriptions once each, though it is killed ${KILLS} times in the middle`, async () => {
    await fake.control.reset();
    const due = await payingByPaystack();
    await due.makeDue(MANY);
    for (let kill = 1; kill <= KILLS; kill++) {
      const goal = Math.floor((MANY * kill) / (KILLS + 1));
      await eventually(async () => expect(fake.truth.all().length).toBeGreaterThanOrEqual(goal), {
        withinMs: BEGUN_WITHIN_MS,
      });
      // Wherever it is: between an invoice and its charge, or between a charge and its being written down.
      await sleep(Math.random() * 100);
      await restart();
    }
    await eventually(async () => expect(await due.progress()).toMatchObject({ invoices: MANY, paid: MANY }), {
      withinMs: BEGUN_WITHIN_MS,
    });
    await expectEachPaidOnce(due, MANY);
    await due.close();
  });
});
