import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const DEAD = 20;

let nova: Nova;
let tenant: TestTenant;
let neighbour: TestTenant;
let silent: WebhookReceiver;
let live: WebhookReceiver;
let nextDoor: WebhookReceiver;

beforeAll(async () => {
  nova = await startNova();
  [tenant, neighbour] = [await nova.tenant(), await nova.tenant()];
  // It takes every request and answers none.
  silent = await WebhookReceiver.start(() => undefined);
  [live, nextDoor] = [await WebhookReceiver.start(), await WebhookReceiver.start()];
});
afterAll(async () => {
  await silent.close();
  await nova.stop();
  await Promise.all([live.close(), nextDoor.close()]);
});

const listen = async (to: TestTenant, { url }: WebhookReceiver) =>
  expectStatus(await to.api.post('/webhook-endpoints', { url, eventTypes: ['customer.*'] }), 201);
const customer = async (of: TestTenant) =>
  expectStatus(await of.api.post('/customers', { name: 'Zuri' }), 201);
const deliveriesOf = async ({ id }: { id: string }) =>
  expectStatus(await tenant.api.get(`/webhook-endpoints/${id}/deliveries`), 200).data;

describe('receivers that answer nothing', () => {
  it('keep neither the tenant’s other endpoints waiting nor its neighbours', async () => {
    const dead: { id: string }[] = [];
    for (let n = 0; n < DEAD; n++) dead.push(await listen(tenant, silent));
    await listen(tenant, live);
    await listen(neighbour, nextDoor);
    await customer(tenant);
    await eventually(() => Promise.resolve(expect(silent.received.length).toBeGreaterThanOrEqual(DEAD)));
    // All of the dead are holding on to a request now. What happens meanwhile is sent all the same.
    await customer(tenant);
    await customer(tenant);
    await customer(neighbour);
    await eventually(() => {
      expect(live.received).toHaveLength(3);
      expect(nextDoor.received).toHaveLength(1);
      return Promise.resolve();
    });
    const attempts = await Promise.all(
      dead.slice(0, 5).map(async (one) => (await deliveriesOf(one))[2]?.attempts),
    );
    expect(attempts).toEqual([0, 0, 0, 0, 0]);
  });

  it('are given up after 15 seconds, and their deliveries tried again later', async () => {
    const [first] = expectStatus(
      await tenant.api.get('/webhook-endpoints?limit=100&sort=createdAt'),
      200,
    ).data;
    const oldest = await eventually(
      async () => {
        const delivery = (await deliveriesOf(first)).at(-1);
        expect(delivery).toMatchObject({ attempts: 1, status: 'pending', lastError: 'timeout' });
        return delivery;
      },
      { withinMs: 90_000 },
    );
    const { log } = expectStatus(await tenant.api.get(`/webhook-deliveries/${oldest.id}`), 200);
    expect(log[0]).toMatchObject({ outcome: 'failed', statusCode: null, responseBody: null });
    expect(log[0].durationMs).toBeGreaterThanOrEqual(14_900);
  });
});
