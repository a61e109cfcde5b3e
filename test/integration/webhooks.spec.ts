import { WebhookDispatcher } from '@nova/core/features/webhooks/dispatch/webhook-dispatcher.js';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { status, WebhookReceiver } from '../support/webhook-receiver.js';

let nova: Nova;
let tenant: TestTenant;
const receivers: WebhookReceiver[] = [];

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
});
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((one) => one.close()));
  const { data } = expectStatus(await tenant.api.get('/webhook-endpoints?limit=100'), 200);
  for (const { id } of data) expectStatus(await tenant.api.delete(`/webhook-endpoints/${id}`), 204);
});
afterAll(() => nova.stop());

async function receiver(...answer: Parameters<typeof WebhookReceiver.start>): Promise<WebhookReceiver> {
  const started = await WebhookReceiver.start(...answer);
  receivers.push(started);
  return started;
}

const endpointTo = async ({ url }: { url: string }, eventTypes = ['customer.*']) =>
  expectStatus(await tenant.api.post('/webhook-endpoints', { url, eventTypes }), 201);
const customer = async (name = 'Zuri') => expectStatus(await tenant.api.post('/customers', { name }), 201);
const deliveriesOf = async (endpoint: { id: string }) =>
  expectStatus(await tenant.api.get(`/webhook-endpoints/${endpoint.id}/deliveries`), 200).data;
const sent = () => nova.app.get(WebhookDispatcher, { strict: false }).idle();

/** The only delivery of an endpoint, once its first attempt is made. */
const firstDelivery = (endpoint: { id: string }) =>
  eventually(async () => {
    const [delivery] = await deliveriesOf(endpoint);
    expect(delivery).toMatchObject({ attempts: 1 });
    return expectStatus(await tenant.api.get(`/webhook-deliveries/${delivery.id}`), 200);
  });

describe('a webhook endpoint', () => {
  it('hears of what its filters let through, once, signed, with the object as the API shows it', async () => {
    const [invoices, customers, all] = await Promise.all([receiver(), receiver(), receiver()]);
    await endpointTo(invoices, ['invoice.*', 'customer.deleted']);
    const endpoint = await endpointTo(customers);
    const everything = await endpointTo(all, ['*']);
    const made = await customer();
    expectStatus(await tenant.api.patch(`/customers/${made.id}`, { email: 'z@zuri.example' }), 200);
    await eventually(async () => {
      expect(customers.received).toHaveLength(2);
      expect(all.received).toHaveLength(2);
      expect((await deliveriesOf(endpoint)).map((d: { status: string }) => d.status)).toEqual([
        'succeeded',
        'succeeded',
      ]);
    });
    expect(invoices.received).toHaveLength(0);
    customers.verifyAll(endpoint.secret);
    all.verifyAll(everything.secret);
    expect(() => customers.verifyAll(everything.secret)).toThrow();
    const events = customers.events().toSorted((a, b) => a.sequence - b.sequence);
    expect(events.map(({ type }) => type)).toEqual(['customer.created', 'customer.updated']);
    expect(events[0]?.data.object).toEqual(made);
    expect(events[1]).toMatchObject({
      mode: 'test',
      data: { object: { email: 'z@zuri.example' }, previousAttributes: { email: null } },
    });
    expect(new Set(customers.received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(events.map(({ id }) => id)),
    );
    expect(expectStatus(await tenant.api.get(`/events/${events[0]?.id}`), 200).data.object).toEqual(made);
  });

  it('shows its secret once and where it is asked for, and takes one that is brought along', async () => {
    const { url } = await receiver();
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const made = expectStatus(await tenant.api.post('/webhook-endpoints', { url, secret }), 201);
    expect(made).toMatchObject({ secret, eventTypes: ['*'], status: 'enabled' });
    const read = expectStatus(await tenant.api.get(`/webhook-endpoints/${made.id}`), 200);
    expect(read).not.toHaveProperty('secret');
    const revealed = expectStatus(await tenant.api.get(`/webhook-endpoints/${made.id}/secret`), 200);
    expect(revealed.secret).toBe(secret);
    const bad = await tenant.api.post('/webhook-endpoints', { url, secret: 'whsec_c2hvcnQ=' });
    expect(expectStatus(bad, 400).errors).toMatchObject([{ pointer: '/secret' }]);
  });

  it('signs with both secrets for the overlap of a rotation, and with the new one alone after it', async () => {
    const target = await receiver();
    const endpoint = await endpointTo(target);
    const path = `/webhook-endpoints/${endpoint.id}/rotate-secret`;
    const rotated = expectStatus(await tenant.api.post(path, {}), 200);
    expect(rotated.secret).not.toBe(endpoint.secret);
    await customer();
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(1)));
    target.verifyAll(endpoint.secret);
    target.verifyAll(rotated.secret);
    const again = expectStatus(await tenant.api.post(path, { overlapSeconds: 0 }), 200);
    await customer();
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(2)));
    const { body = '', headers = {} } = target.received[1] ?? {};
    const verify = (secret: string) => new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(() => verify(rotated.secret)).toThrow();
    expect(verify(again.secret)).toMatchObject({ type: 'customer.created' });
  });

  it('refuses addresses that are not public, logins in URLs, and filters of nothing', async () => {
    for (const url of [
      'http://10.0.0.1/',
      'http://169.254.169.254/',
      'http://[::ffff:10.0.0.1]/',
      'http://0xa000001/',
    ]) {
      const answer = await tenant.api.post('/webhook-endpoints', { url });
      expect(expectStatus(answer, 400).code, url).toBe('webhook_url_refused');
    }
    const login = await tenant.api.post('/webhook-endpoints', { url: 'https://me:secret@example.com/' });
    expect(expectStatus(login, 400).code).toBe('webhook_url_refused');
    const filter = await tenant.api.post('/webhook-endpoints', {
      url: 'https://example.com/',
      eventTypes: ['invoice.*', 'invoices.*'],
    });
    expect(expectStatus(filter, 400).errors).toMatchObject([{ pointer: '/eventTypes/1' }]);
  });

  it('hears of nothing while it is disabled, and of what it has missed by a replay', async () => {
    const target = await receiver();
    const endpoint = await endpointTo(target);
    const before = (await customer('Before')).createdAt;
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(1)));
    const path = `/webhook-endpoints/${endpoint.id}`;
    expectStatus(await tenant.api.patch(path, { status: 'disabled' }), 200);
    const refused = await tenant.api.post(`${path}/replay`, { from: before });
    expect(expectStatus(refused, 409).code).toBe('webhook_endpoint_disabled');
    await customer('Missed');
    expectStatus(await tenant.api.patch(path, { status: 'enabled' }), 200);
    const replayed = expectStatus(await tenant.api.post(`${path}/replay`, { from: before }), 200);
    expect(replayed).toMatchObject({ deliveries: 1, hasMore: false });
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(2)));
    expect(target.events()[1]?.data.object).toMatchObject({ name: 'Missed' });
    await sent();
    const all = expectStatus(await tenant.api.post(`${path}/replay`, { from: before, which: 'all' }), 200);
    expect(all.deliveries).toBe(2);
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(4)));
    const ids = target.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
    await sent();
    expect((await deliveriesOf(endpoint)).map((d: { attempts: number }) => d.attempts).toSorted()).toEqual([
      2, 2,
    ]);
  });

  it('is sent one delivery again when somebody asks, and a test event whatever its filters', async () => {
    const target = await receiver();
    const endpoint = await endpointTo(target, ['invoice.*']);
    const test = await tenant.api.post(`/webhook-endpoints/${endpoint.id}/test`, { type: 'invoice.paid' });
    const delivery = expectStatus(test, 201);
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(1)));
    expect(target.events()[0]).toMatchObject({
      type: 'webhook_endpoint.test',
      data: { example: { type: 'invoice.paid', data: { object: { object: 'invoice' } } } },
    });
    await sent();
    expectStatus(await tenant.api.post(`/webhook-deliveries/${delivery.id}/replay`), 200);
    await eventually(() => Promise.resolve(expect(target.received).toHaveLength(2)));
    await sent();
    const detail = expectStatus(await tenant.api.get(`/webhook-deliveries/${delivery.id}`), 200);
    expect(detail).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(detail.log).toMatchObject([
      { number: 2, outcome: 'succeeded', statusCode: 204 },
      { number: 1, outcome: 'succeeded', statusCode: 204 },
    ]);
  });
});

describe('an answer', () => {
  it('of 410 disables the endpoint, with an event and an e-mail', async () => {
    const [gone, watching] = await Promise.all([receiver(status(410)), receiver()]);
    const endpoint = await endpointTo(gone);
    await endpointTo(watching, ['webhook_endpoint.*']);
    await customer();
    await eventually(() => Promise.resolve(expect(watching.received).toHaveLength(1)));
    expect(watching.events()[0]).toMatchObject({
      type: 'webhook_endpoint.disabled',
      data: { object: { id: endpoint.id, status: 'disabled', disabledReason: 'gone' } },
    });
    await nova.settle();
    const mails = nova.mail.list().filter((mail) => mail.recipients.includes(tenant.email));
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('was disabled')]);
    await customer();
    await nova.settle();
    expect(gone.received).toHaveLength(1);
  });

  it('of 429 with Retry-After puts everything off for as long as it says', async () => {
    const target = await receiver(status(429, { 'retry-after': '120' }));
    const endpoint = await endpointTo(target);
    await customer();
    const delivery = await firstDelivery(endpoint);
    const wait = Date.parse(delivery.nextAttemptAt) - Date.parse(delivery.lastAttemptAt);
    expect(wait).toBeGreaterThanOrEqual(120_000);
    expect(wait).toBeLessThan(130_000);
    const { pausedUntil } = expectStatus(await tenant.api.get(`/webhook-endpoints/${endpoint.id}`), 200);
    expect(Date.parse(pausedUntil) - Date.parse(delivery.lastAttemptAt)).toBeGreaterThanOrEqual(119_000);
    await customer();
    await nova.settle();
    await sent();
    expect(target.received).toHaveLength(1);
  });

  it('of 503 is logged and tried again by the schedule', async () => {
    const target = await receiver(status(503));
    const endpoint = await endpointTo(target);
    await customer();
    const delivery = await firstDelivery(endpoint);
    const wait = Date.parse(delivery.nextAttemptAt) - Date.parse(delivery.lastAttemptAt);
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThan(8_000);
    expect(delivery.log[0]).toMatchObject({
      outcome: 'failed',
      statusCode: 503,
      responseBody: 'status 503',
      error: null,
    });
    target.answerWith(status(200));
    await eventually(async () => {
      expect((await deliveriesOf(endpoint))[0]).toMatchObject({ status: 'succeeded', attempts: 2 });
    });
  });

  it('that redirects is not followed, and one that is too long is read no further', async () => {
    const trap = await receiver();
    const away = await receiver(status(302, { location: trap.url }));
    const long = await receiver((_request, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536, 'x');
      let left = 160;
      const more = () => {
        while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more);
        response.end();
      };
      more();
    });
    const [redirected, read] = [await endpointTo(away), await endpointTo(long)];
    await customer();
    expect(await firstDelivery(redirected)).toMatchObject({ lastStatusCode: 302, status: 'pending' });
    const delivery = await firstDelivery(read);
    expect(delivery).toMatchObject({ lastStatusCode: 200, status: 'succeeded' });
    expect(delivery.log[0].responseBody).toBe('x'.repeat(4_096));
    expect(trap.received).toHaveLength(0);
  });

  it('that nobody gives is a failure with its reason', async () => {
    const closed = await receiver();
    const { url } = closed;
    await closed.close();
    receivers.splice(receivers.indexOf(closed), 1);
    const [refused, unknown, plain] = [
      await endpointTo({ url }),
      await endpointTo({ url: 'https://nobody.invalid/' }),
      await endpointTo({ url: (await receiver()).url.replace('http:', 'https:') }),
    ];
    await customer();
    expect((await firstDelivery(refused)).lastError).toBe('econnrefused');
    expect((await firstDelivery(unknown)).lastError).toMatch(
      /^e(notfound|servfail|again|timeout|connrefused|ai_again)|getaddrinfo/,
    );
    expect((await firstDelivery(plain)).lastError).toMatch(/ssl|eproto|wrong_version/);
  });
});
