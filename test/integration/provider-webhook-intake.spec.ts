import { createHmac, randomBytes } from 'node:crypto';

import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import type { TestTenant } from '../support/nova.js';
import { type Provider, WebhookWorld } from '../support/webhook-world.js';

let world: WebhookWorld;
let other: TestTenant;
let otherAddresses: Record<string, string>;

const OTHER_SECRET = 'sk_test_ofanothertenant00000000000000001';

beforeAll(async () => {
  world = await WebhookWorld.start({ processors: 'none' });
  other = await world.nova.tenant();
  otherAddresses = await world.addAccounts(other);
  const [theirs] = expectStatus(await other.api.get('/payment-providers?provider=paystack'), 200).data;
  const credentials = { secretKey: OTHER_SECRET };
  const changed = await other.api.patch(`/payment-providers/${theirs.id}`, {
    credentials,
    keepOldKeyHours: 0,
  });
  expectStatus(changed, 200);
});
beforeEach(() => world.holdBack());
afterAll(() => world.stop());

const count = (tenant = world.tenant) => world.inDatabase((ctx) => ctx.db.providerWebhook.count(), tenant);
const signed = (body: string | Buffer, key: string = PAYSTACK_DEMO_KEYS.test, algorithm = 'sha512') => ({
  'x-paystack-signature': createHmac(algorithm, key).update(body).digest('hex'),
});
const event = (data: object = {}, name = 'charge.success') =>
  JSON.stringify({ event: name, data: { id: Math.floor(Math.random() * 1e12), ...data } });
const addressOf = (provider: Provider) => world.addresses[provider] ?? '';

/** A body that is genuine but for what a test does to it. */
async function sendPaystack(
  headers: Record<string, string>,
  body: string | Buffer,
  to = addressOf('paystack'),
) {
  return world.send(to, body, headers);
}

describe('a webhook that nothing proves', () => {
  it.each([
    ['without a signature', (): Record<string, string> => ({})],
    ['with an empty one', () => ({ 'x-paystack-signature': '' })],
    ['by the wrong algorithm', (body: string) => signed(body, PAYSTACK_DEMO_KEYS.test, 'sha256')],
    ['by another tenant’s secret', (body: string) => signed(body, OTHER_SECRET)],
    ['with a byte more', (body: string) => signed(`${body} `)],
  ])('%s is refused, and nothing of it is kept', async (_what, sign) => {
    const before = await count();
    const body = event();
    const answer = await sendPaystack(sign(body), body);
    expect(answer).toMatchObject({ status: 401, body: { code: 'webhook_forged', status: 401 } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await count()).toBe(before);
  });

  it.each([
    ['paystack', 'tampered'],
    ['paystack', 'unsigned'],
    ['paystack', 'wrong-secret'],
    ['paystack', 'reserialised'],
    ['stripe', 'tampered'],
    ['stripe', 'unsigned'],
    ['stripe', 'wrong-secret'],
    ['stripe', 'reserialised'],
    ['stripe', 'stale'],
    ['flutterwave', 'unsigned'],
    ['flutterwave', 'wrong-secret'],
  ] as const)('is refused of %s when it is %s', async (provider, forgery) => {
    const begun = await world.begin(provider);
    await world.pay(provider, begun);
    const before = await count();
    const attempt = await world.fakes[provider].control.forge(forgery);
    expect(attempt).toMatchObject({ status: 401 });
    expect(await count()).toBe(before);
    expect(await world.readPayment(begun.id)).toMatchObject({ status: 'requires_action' });
  });

  it('is refused at another tenant’s address', async () => {
    const body = event();
    const answer = await sendPaystack(signed(body), body, otherAddresses['paystack']);
    expect(answer.status).toBe(401);
    expect(await count(other)).toBe(0);
  });
});

describe('an address', () => {
  it.each(['paystack', 'flutterwave', 'stripe', 'daraja'])('of nobody’s is not found (%s)', async (name) => {
    const answer = await world.send(`${name}/${randomBytes(32).toString('hex')}`, event());
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('of another provider’s account is not found', async () => {
    const token = addressOf('paystack').split('/').at(-1);
    expect(await world.send(`stripe/${token}`, event())).toMatchObject({ status: 404 });
    expect(await world.send(`daraja/${token}`, event())).toMatchObject({ status: 404 });
  });

  it('that was rolled is none any more, and the new one is good', async () => {
    const [account] = expectStatus(await other.api.get('/payment-providers?provider=mpesa'), 200).data;
    const [old, body] = [otherAddresses['mpesa'] ?? '', '{"Body":{}}'];
    expect((await world.send(`${old}/stk`, body)).status).toBe(200);
    const { webhookUrl } = expectStatus(
      await other.api.post(`/payment-providers/${account.id}/webhook-address`),
      200,
    );
    await eventually(async () => expect((await world.send(`${old}/stk`, body)).status).toBe(404));
    expect((await world.send(`${webhookUrl}/stk`, body)).status).toBe(200);
    otherAddresses['mpesa'] = webhookUrl;
  });

  it('takes webhooks by the old key for as long as it overlaps, also when the account is switched off', async () => {
    const [account] = expectStatus(await other.api.get('/payment-providers?provider=paystack'), 200).data;
    const renewed = 'sk_test_renewed0000000000000000000000000001';
    const patch = (change: object) => other.api.patch(`/payment-providers/${account.id}`, change);
    const send = async (key: string) => {
      const body = event();
      return (await sendPaystack(signed(body, key), body, otherAddresses['paystack'])).status;
    };
    expect(await send(OTHER_SECRET)).toBe(200);
    expectStatus(await patch({ credentials: { secretKey: renewed }, keepOldKeyHours: 1 }), 200);
    await eventually(async () => expect(await send(renewed)).toBe(200));
    expect(await send(OTHER_SECRET)).toBe(200);
    expectStatus(await patch({ enabled: false }), 200);
    expect(await send(renewed)).toBe(200);
  });

  it('that all tenants share finds the tenant by our reference, and holds it against that tenant’s secret', async () => {
    const [mine, theirs] = [await world.begin('paystack'), await world.begin('stripe', other)];
    const body = event({ reference: mine.reference });
    const before = await count();
    expect(await world.send('paystack', body, signed(body))).toMatchObject({ status: 200 });
    expect(await count()).toBe(before + 1);
    expect(await world.send('paystack', body, signed(body, OTHER_SECRET))).toMatchObject({ status: 401 });
    // Proved by a secret, and naming a payment of somebody who has another.
    const stolen = event({ reference: theirs.reference });
    expect(await world.send('paystack', stolen, signed(stolen))).toMatchObject({ status: 401 });
    const foreign = event({ reference: 'order-17' });
    expect(await world.send('paystack', foreign, signed(foreign))).toMatchObject({
      status: 404,
      body: { code: 'webhook_tenant_unknown' },
    });
    expect(await world.send('mpesa', '{}')).toMatchObject({
      status: 404,
      body: {
        code: 'webhook_address_not_shared',
        detail: expect.stringContaining('/api/webhooks/daraja/{token}'),
      },
    });
    expect(await world.send('nobody', '{}')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('what is genuine', () => {
  it('is kept with the bytes as they came, once, and without its signature', async () => {
    const body = Buffer.from(`{"event":"charge.success","data":{"id":7, "reference":"a\\/b", "amount":1.0}}`);
    for (const _ of [1, 2, 3]) expect((await sendPaystack(signed(body), body)).status).toBe(200);
    const [last] = (await world.log('&provider=paystack')).slice(-1);
    const detail = expectStatus(await world.tenant.api.get(`/provider-webhooks/${last.id}`), 200);
    expect(detail).toMatchObject({
      kind: 'payment.succeeded',
      type: 'charge.success',
      status: 'received',
      reference: 'a/b',
      providerPaymentId: '7',
      body: { encoding: 'utf8', content: body.toString() },
    });
    expect(Object.keys(detail.headers).sort()).toEqual(['content-type', 'from', 'user-agent']);
    expect((await world.log('&provider=paystack&reference=a/b')).map(({ id }) => id)).toEqual([last.id]);
  });

  it.each([
    ['no JSON', Buffer.from('charge=success')],
    ['no text', Buffer.from([0, 255, 254, 1])],
    ['nothing', Buffer.alloc(0)],
    ['what PostgreSQL cannot store', Buffer.from('{"event":"a\\u0000b","data":{"id":"\\ud800"}}')],
    ['an event of no interest', Buffer.from(event({}, 'customeridentification.success'))],
    ['a name longer than an index takes', Buffer.from(event({ id: 'x'.repeat(9_000) }, 'transfer.failed'))],
  ])('and %s is taken and ignored, of any content type', async (_what, body) => {
    const before = await count();
    const headers = { ...signed(body), 'content-type': 'application/x-www-form-urlencoded' };
    expect((await sendPaystack(headers, body)).status).toBe(200);
    expect(await count()).toBe(before + 1);
    const [last] = (await world.log('&provider=paystack')).slice(-1);
    expect(last).toMatchObject({ status: 'ignored', nextAttemptAt: null });
  });

  it('is refused when it is larger than any webhook', async () => {
    const body = event({ filling: 'x'.repeat(256 * 1_024) });
    expect((await sendPaystack(signed(body), body)).status).toBe(413);
    const binary = { ...signed(body), 'content-type': 'application/octet-stream' };
    expect((await sendPaystack(binary, body)).status).toBe(413);
  });

  it('is stored in groups when much of it comes at once, each once', async () => {
    const before = await count();
    const bodies = Array.from({ length: 120 }, (_, id) => event({ id: `group-${id % 60}` }));
    const answers = await Promise.all(bodies.map((body) => sendPaystack(signed(body), body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await count()).toBe(before + 60);
  });

  it('of M-Pesa is answered as Safaricom wants it, and a validation is accepted and not kept', async () => {
    const before = await count();
    const address = addressOf('mpesa');
    const payment = JSON.stringify({ TransID: 'UA1', TransAmount: '10.00', BillRefNumber: 'INV' });
    expect(await world.send(`${address}/c2b-validation`, payment)).toMatchObject({
      status: 200,
      body: { ResultCode: '0', ResultDesc: 'Accepted' },
    });
    expect(await count()).toBe(before);
    expect(await world.send(`${address}/c2b`, payment)).toMatchObject({
      status: 200,
      body: { ResultCode: 0, ResultDesc: 'Accepted' },
    });
    expect(await count()).toBe(before + 1);
    expect(await world.send(`${address}/elsewhere`, payment)).toMatchObject({ status: 400 });
  });
});

describe('of a tenant that is stopped', () => {
  const stop = async (columns: string) => {
    const { pool } = world.nova.app.get(CentralDatabase, { strict: false });
    await pool.query(`UPDATE tenants SET ${columns} WHERE id = $1`, [world.tenant.tenantId]);
    await world.nova.app.get(TenantDirectory, { strict: false }).fresh(world.tenant.tenantId);
  };
  const send = () => {
    const body = event();
    return sendPaystack(signed(body), body);
  };

  it('webhooks are kept, since nobody sends money’s word for ever', async () => {
    const before = await count();
    await stop(`status = 'suspended'`);
    expect((await send()).status).toBe(200);
    await stop(`status = 'archived'`);
    expect((await send()).status).toBe(200);
    await stop(`status = 'active'`);
    expect(await count()).toBe(before + 2);
  });

  it('and under maintenance they are to be sent again', async () => {
    await stop(`maintenance_reason = 'Moving'`);
    const answer = await send();
    expect(answer).toMatchObject({ status: 503, body: { code: 'tenant_maintenance' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await stop(`maintenance_reason = NULL`);
    expect((await send()).status).toBe(200);
  });
});
