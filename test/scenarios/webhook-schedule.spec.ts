import { RETRY_DELAYS_MS } from '@nova/core/domain/webhooks/retry-schedule.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { status, WebhookReceiver } from '../support/webhook-receiver.js';

const DAY_MS = 86_400_000;

let nova: Nova;
let tenant: TestTenant;
let receiver: WebhookReceiver;

beforeAll(async () => {
  nova = await startNova();
  receiver = await WebhookReceiver.start(status(500));
});
afterAll(async () => {
  await nova.stop();
  await receiver.close();
});

const read = async (path: string) => expectStatus(await tenant.api.get(path), 200);
const advance = async (to: Date) => {
  const body = { to: to.toISOString() };
  const answer = await tenant.api.post('/test-clock/advance', body);
  expect([200, 202]).toContain(answer.status);
  await nova.settle();
};
/** Moves the clock by a few seconds, from where on it stands still. */
const stopClock = async () => {
  const at = new Date(Date.parse((await read('/test-clock')).now) + 5_000);
  await advance(at);
  return at;
};
const listen = async (eventTypes: string[], url = receiver.url) =>
  expectStatus(await tenant.api.post('/webhook-endpoints', { url, eventTypes }), 201);
const customer = async () => expectStatus(await tenant.api.post('/customers', { name: 'Zuri' }), 201);

describe('an endpoint that answers 500', () => {
  it('is tried ten times, at the moments of the schedule by the tenant’s clock, and then no more', async () => {
    tenant = await nova.tenant();
    const start = await stopClock();
    const endpoint = await listen(['customer.created']);
    await customer();
    await nova.settle();
    await advance(new Date(start.getTime() + 4 * DAY_MS));
    const [delivery] = (await read(`/webhook-endpoints/${endpoint.id}/deliveries`)).data;
    expect(delivery).toMatchObject({
      status: 'failed',
      attempts: 10,
      nextAttemptAt: null,
      lastStatusCode: 500,
    });
    const { log } = await read(`/webhook-deliveries/${delivery.id}`);
    const moments: number[] = log.map((a: { startedAt: string }) => Date.parse(a.startedAt)).toReversed();
    expect(moments[0]).toBe(start.getTime());
    for (const [index, delay] of RETRY_DELAYS_MS.entries()) {
      if (index === 0) continue;
      const waited = (moments[index] ?? 0) - (moments[index - 1] ?? 0);
      expect(waited, `attempt ${index + 1}`).toBeGreaterThanOrEqual(delay);
      expect(waited, `attempt ${index + 1}`).toBeLessThanOrEqual(delay * 1.2 + 1);
    }
    expect(receiver.received).toHaveLength(10);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    receiver.verifyAll(endpoint.secret);
  });

  it('is disabled once it has failed for five days, with an event and an e-mail', async () => {
    tenant = await nova.tenant();
    await nova.mail.clear();
    const watching = await WebhookReceiver.start();
    const start = await stopClock();
    const endpoint = await listen(['customer.created']);
    await listen(['webhook_endpoint.disabled'], watching.url);
    await customer();
    await nova.settle();
    for (let day = 1; day <= 6; day++) {
      await advance(new Date(start.getTime() + day * DAY_MS));
      await customer();
      await nova.settle();
    }
    const shown = await read(`/webhook-endpoints/${endpoint.id}`);
    expect(shown).toMatchObject({ status: 'disabled', disabledReason: 'failing' });
    const failingFor = Date.parse(shown.disabledAt) - Date.parse(shown.failingSince);
    expect(failingFor).toBeGreaterThanOrEqual(5 * DAY_MS);
    expect(watching.events()).toMatchObject([{ data: { object: { id: endpoint.id } } }]);
    expect(nova.mail.list().filter(({ subject }) => subject.includes('was disabled'))).toHaveLength(1);
    const { data } = await read(`/webhook-endpoints/${endpoint.id}/deliveries?status=pending`);
    expect(data).toEqual([]);
    await watching.close();
  });
});

describe('a renewal', () => {
  it('tells of the period, its invoice and its payment in the order they happened', async () => {
    tenant = await nova.tenant();
    const target = await WebhookReceiver.start();
    await stopClock();
    const buyer = expectStatus(
      await tenant.api.post('/customers', {
        name: 'Zuri',
        currency: 'NGN',
        paymentMethodToken: 'pm_sandbox_success',
      }),
      201,
    );
    const plan = expectStatus(
      await tenant.api.post('/plans', {
        name: 'Pro',
        prices: [
          { currency: 'NGN', model: 'flat', type: 'recurring', unitAmount: '150000', interval: 'month' },
        ],
      }),
      201,
    );
    const subscription = expectStatus(
      await tenant.api.post('/subscriptions', { customerId: buyer.id, planId: plan.id }),
      201,
    );
    await nova.settle();
    await listen(['*'], target.url);
    const due = new Date((await read(`/subscriptions/${subscription.id}`)).nextBillingAt);
    await advance(new Date(due.getTime() + 60_000));
    const events = target.events().toSorted((a, b) => a.sequence - b.sequence);
    expect(events.map(({ type }) => type)).toEqual([
      'invoice.finalized',
      'subscription.renewed',
      'invoice.paid',
      'payment.succeeded',
    ]);
    const [finalized, renewed, paid] = events;
    expect(renewed).toMatchObject({
      timestamp: due.toISOString(),
      data: {
        object: { id: subscription.id, status: 'active', currentPeriodStart: due.toISOString() },
        invoiceIds: [finalized?.data.object['id']],
      },
    });
    const invoice = await read(`/invoices/${String(paid?.data.object['id'])}`);
    // Events have no lines, nor the address that whoever has it can pay at.
    const { lines: _lines, discounts: _discounts, hostedUrl: _hostedUrl, ...shown } = invoice;
    expect(paid?.data.object).toEqual(shown);
    await target.close();
  });
});
