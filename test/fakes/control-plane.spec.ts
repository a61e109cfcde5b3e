import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { httpCall } from '../support/http-call.js';
import { startMerchantInbox, type MerchantInbox } from '../support/merchant-inbox.js';
import { startFlutterwaveFake } from './flutterwave/start-flutterwave-fake.js';
import { startMpesaFake } from './mpesa/start-mpesa-fake.js';
import { PAYSTACK_DEMO_KEYS } from './paystack/options.js';
import { startPaystackFake } from './paystack/start-paystack-fake.js';
import { startStripeFake } from './stripe/start-stripe-fake.js';

let fake: Awaited<ReturnType<typeof startPaystackFake>>;
let inbox: MerchantInbox;

beforeAll(async () => {
  inbox = await startMerchantInbox();
  const accounts = [{ webhookUrls: { test: inbox.url, live: null } }];
  const authorizations = [{ code: 'AUTH_saved', email: 'asha@acme.example' }];
  fake = await startPaystackFake({ accounts, authorizations, clock: { speed: 0 } });
});
afterAll(async () => {
  await fake.stop();
  await inbox.stop();
});

const control = (path: string, json?: object) =>
  httpCall(`${fake.controlUrl}/__ctl/${path}`, json ? { json } : {});
const charge = (reference: string) =>
  httpCall(`${fake.url}/transaction/charge_authorization`, {
    json: {
      email: 'asha@acme.example',
      amount: 250_000,
      currency: 'NGN',
      authorization_code: 'AUTH_saved',
      reference,
    },
    headers: { authorization: `Bearer ${PAYSTACK_DEMO_KEYS.test}` },
  });

describe('the control plane of a fake', () => {
  it.each([
    [{ malformed: 'html' }, 502, 0],
    [{ malformed: 'empty' }, 200, 0],
    [{ malformed: 'truncated' }, 200, 1],
    [{ status: 500, body: { status: false } }, 500, 0],
    [{ status: 500, commit: true }, 500, 1],
    [{ status: 429, headers: { 'retry-after': '2' } }, 429, 0],
    [{ delayMs: 30 }, 200, 1],
  ])('scripts %j', async (behaviour, status, captures) => {
    const ref = `scripted-${JSON.stringify(behaviour).replace(/\W/g, '')}`;
    await control('script', { match: { method: 'POST', path: '/transaction/*', ref }, do: behaviour });
    expect((await charge(`other-${captures}-${status}-${ref.length}`)).status).toBe(200);
    const answer = await charge(ref);
    expect(answer.status).toBe(status);
    expect(fake.truth.captures(ref)).toHaveLength(captures);
    if ('malformed' in behaviour && behaviour.malformed !== 'html')
      expect(() => answer.at()).toThrow(SyntaxError);
  });

  it('shows what came, what is true, and what went out', async () => {
    await control('reset', {});
    await control('clock', { now: '2026-01-01T00:00:00.000Z' });
    await charge('shown');
    await fake.control.webhooks.idle();
    const journal = await control('journal');
    expect(journal.at('0')).toMatchObject({
      path: '/transaction/charge_authorization',
      status: 200,
      committed: true,
    });
    expect(journal.at('0.rawBody')).toContain('"reference":"shown"');
    expect((await control('truth')).at()).toMatchObject({
      entries: [{ reference: 'shown', amount: '250000', at: '2026-01-01T00:00:00.000Z' }],
      violations: [],
    });
    expect((await control('webhooks')).at('0')).toMatchObject({
      event: 'charge.success',
      state: 'delivered',
      attempts: [{ status: 200 }],
    });
    expect((await control('clock', { advanceMs: 60_000 })).at('now')).toBe('2026-01-01T00:01:00.000Z');
  });

  it('holds, sends and forges webhooks', async () => {
    await control('webhook/dispatch', { dispatch: 'held' });
    await charge('held');
    expect((await control('webhook/emit', { filter: { ref: 'held' } })).at('0.state')).toBe('delivered');
    for (const verb of ['tamper', 'unsigned', 'stale', 'wrong-secret', 'reserialise']) {
      expect((await control(`webhook/${verb}`, { filter: { ref: 'held' } })).at('status')).toBe(200);
    }
    expect((await control('webhook/no-such', {})).status).toBe(400);
  });

  it('advances, and says what it cannot', async () => {
    await control('mode', { name: 'charge-pending' });
    await charge('waiting');
    expect((await control('advance', { ref: 'waiting', to: 'success' })).at('status')).toBe('success');
    expect((await control('advance', { ref: 'nobody' })).at('error')).toContain(
      'There is no transaction nobody',
    );
    expect((await control('mode', { name: 'no-such' })).at('error')).toContain('has no mode no-such');
  });
});

describe('every fake', () => {
  it.each([
    ['Paystack', startPaystackFake],
    ['Flutterwave', startFlutterwaveFake],
    ['M-Pesa', startMpesaFake],
    ['Stripe', startStripeFake],
  ])('names its modes, and knows no other addresses: %s', async (name, start) => {
    const running = await start();
    expect(running.name).toBe(name);
    const modes = Object.values(running.control.modes());
    expect(modes.length).toBeGreaterThan(15);
    for (const about of modes) expect(about.length).toBeGreaterThan(2);
    expect((await httpCall(`${running.url}/no/such/thing`)).status).toBe(404);
    await running.stop();
  });
});
