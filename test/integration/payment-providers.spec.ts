// The same on other servers: accounts and their keys are rows of the central database, which has no pooler.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { ProviderAccounts } from '@nova/core/features/payments/providers/provider-accounts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let other: TestTenant;
let live: Api;
/** Stands for all providers: it answers what the test says, and remembers who asked. */
let provider: Server;
let answer: { status: number; body: unknown };
let asked: { path: string | undefined; authorization: string | undefined }[] = [];

beforeAll(async () => {
  provider = createServer((request, response) => {
    asked.push({ path: request.url, authorization: request.headers.authorization });
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  nova = await startNova({ env: { PAYSTACK_URL: url, STRIPE_URL: url } });
  acme = await nova.tenant();
  other = await nova.tenant();
  const key = expectStatus(await acme.user.post('/tenants/me/api-keys', { name: 'live', mode: 'live' }), 201);
  live = nova.as(key.key);
});

afterAll(async () => {
  await nova.stop();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

const SECRET = 'sk_test_0123456789abcdefWXYZ';
const paystack = (secretKey = SECRET) => ({ provider: 'paystack', credentials: { secretKey } });

describe('a payment provider', () => {
  it('is kept, shown and changed, and its key is never shown again', async () => {
    const made = expectStatus(await acme.api.post('/payment-providers', paystack()), 201);
    expect(made).toMatchObject({
      object: 'payment_provider',
      provider: 'paystack',
      mode: 'test',
      enabled: true,
      key: { last4: 'WXYZ', oldUntil: null },
    });
    // 256 bits.
    expect(made.webhookUrl).toMatch(/\/api\/webhooks\/paystack\/[0-9a-f]{64}$/);
    const read = await acme.api.get(`/payment-providers/${made.id}`);
    expect(expectStatus(read, 200)).not.toHaveProperty('webhookUrl');
    const listed = await acme.api.get('/payment-providers');
    expect(expectStatus(listed, 200).data).toMatchObject([{ id: made.id }]);
    const changed = expectStatus(
      await acme.api.patch(`/payment-providers/${made.id}`, { priority: 5, currencies: ['NGN'] }),
      200,
    );
    expect(changed).toMatchObject({ priority: 5, currencies: ['NGN'], version: 2, key: made.key });
    for (const body of [made, read.body, listed.body, changed]) {
      expect(JSON.stringify(body)).not.toContain(SECRET.slice(0, 24));
    }
    const row = await nova.app
      .get(CentralDatabase, { strict: false })
      .db.paymentAccount.findUniqueOrThrow({ where: { id: made.id } });
    expect(JSON.stringify(row)).not.toContain(SECRET);
    const log = expectStatus(await acme.user.get(`/tenants/me/audit-log?targetId=${made.id}`), 200);
    expect(log.data.map(({ action }: { action: string }) => action).sort()).toEqual([
      'payment_provider.created',
      'payment_provider.updated',
    ]);
    expect(JSON.stringify(log)).not.toContain(SECRET);
    expectStatus(await acme.api.post('/payment-providers', paystack()), 409);
    expectStatus(await acme.api.delete(`/payment-providers/${made.id}`), 204);
    expectStatus(await acme.api.get(`/payment-providers/${made.id}`), 404);
  });

  it('is another tenant’s to nobody', async () => {
    const made = expectStatus(await acme.api.post('/payment-providers', paystack()), 201);
    expectStatus(await other.api.get(`/payment-providers/${made.id}`), 404);
    expectStatus(await other.api.patch(`/payment-providers/${made.id}`, { priority: 1 }), 404);
    expectStatus(await other.api.post(`/payment-providers/${made.id}/test`), 404);
    expectStatus(await other.api.post(`/payment-providers/${made.id}/webhook-address`), 404);
    expectStatus(await other.api.delete(`/payment-providers/${made.id}`), 404);
    // Nor the other mode's.
    expectStatus(await live.get(`/payment-providers/${made.id}`), 404);
    expectStatus(await acme.api.delete(`/payment-providers/${made.id}`), 204);
  });

  it.each([
    ['paystack', { secretKey: 'sk_test_0123456789' }, { secretKey: 'sk_live_0123456789' }],
    [
      'flutterwave',
      { secretKey: 'FLWSECK_TEST-0123456789', webhookSecretHash: 'a-long-secret-hash' },
      { secretKey: 'FLWSECK-0123456789', webhookSecretHash: 'a-long-secret-hash' },
    ],
    [
      'stripe',
      { secretKey: 'rk_test_0123456789', webhookSecret: 'whsec_0123456789' },
      { secretKey: 'rk_live_0123456789', webhookSecret: 'whsec_0123456789' },
    ],
  ])('of %s is refused with a key of the other mode, and with what is no key', async (name, test, real) => {
    const refused = async (api: Api, credentials: unknown, status: number) =>
      expectStatus(await api.post('/payment-providers', { provider: name, credentials }), status).code;
    expect(await refused(acme.api, real, 409)).toBe('key_of_other_mode');
    expect(await refused(live, test, 409)).toBe('key_of_other_mode');
    expect(await refused(acme.api, { ...test, secretKey: 'nonsense-of-a-key' }, 400)).toBe('invalid_request');
    expect(await refused(acme.api, { ...test, secret: 'x' }, 400)).toBe('invalid_request');
  });

  it('goes on taking webhooks by its old key for the overlap, and calls with the new one', async () => {
    const made = expectStatus(await acme.api.post('/payment-providers', paystack()), 201);
    const renewed = 'sk_test_renewed0123456789';
    const changed = expectStatus(
      await acme.api.patch(`/payment-providers/${made.id}`, {
        credentials: { secretKey: renewed },
        keepOldKeyHours: 24,
      }),
      200,
    );
    expect(changed.key).toMatchObject({ last4: '6789' });
    expect(changed.key.fingerprint).not.toBe(made.key.fingerprint);
    expect(Date.parse(changed.key.oldUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    const accounts = nova.app.get(ProviderAccounts, { strict: false });
    const token = made.webhookUrl.split('/').at(-1);
    const found = await accounts.ofWebhook('paystack', token);
    expect(found?.webhookKeys.map(({ key }) => key)).toEqual([renewed, SECRET]);
    expect(await accounts.ofWebhook('paystack', `${token}0`)).toBeNull();
    expect(await accounts.ofWebhook('stripe', token)).toBeNull();
    const rolled = expectStatus(await acme.api.post(`/payment-providers/${made.id}/webhook-address`), 200);
    expect(await accounts.ofWebhook('paystack', token)).toBeNull();
    expect(await accounts.ofWebhook('paystack', rolled.webhookUrl.split('/').at(-1))).not.toBeNull();
    asked = [];
    answer = { status: 200, body: { status: true, message: 'ok', data: [] } };
    expect(expectStatus(await acme.api.post(`/payment-providers/${made.id}/test`), 200)).toMatchObject({
      result: 'ok',
    });
    expect(asked).toEqual([{ path: '/transaction?perPage=1', authorization: `Bearer ${renewed}` }]);
    expectStatus(await acme.api.delete(`/payment-providers/${made.id}`), 204);
  });

  it('tells what came of a test', async () => {
    const made = expectStatus(await acme.api.post('/payment-providers', paystack()), 201);
    const result = async (status: number, body: unknown) => {
      answer = { status, body };
      return expectStatus(await acme.api.post(`/payment-providers/${made.id}/test`), 200);
    };
    expect(await result(401, { status: false, message: 'Invalid key' })).toMatchObject({
      result: 'refused',
      message: 'Invalid key',
    });
    expect(await result(502, 'gone')).toMatchObject({ result: 'unknown', message: 'HTTP 502' });
    expectStatus(await acme.api.delete(`/payment-providers/${made.id}`), 204);
  });

  it('is chosen by currency, sum and order; a currency that none takes has an error of its own', async () => {
    const first = expectStatus(
      await acme.api.post('/payment-providers', { ...paystack(), priority: 20 }),
      201,
    );
    const second = expectStatus(
      await acme.api.post('/payment-providers', {
        provider: 'stripe',
        credentials: { secretKey: 'sk_test_0123456789', webhookSecret: 'whsec_0123456789' },
        priority: 30,
      }),
      201,
    );
    const chosen = async (query: string) =>
      expectStatus(await acme.api.get(`/payment-providers/choice?${query}`), 200).id;
    expect(await chosen('currency=NGN')).toBe(first.id);
    expect(await chosen('currency=NGN&amount=4999')).toBe(second.id);
    expect(await chosen('currency=EUR')).toBe(second.id);
    expectStatus(await acme.api.patch(`/payment-providers/${second.id}`, { enabled: false }), 200);
    expect(expectStatus(await acme.api.get('/payment-providers/choice?currency=EUR'), 409).code).toBe(
      'no_provider_for_currency',
    );
    expectStatus(await acme.api.delete(`/payment-providers/${first.id}`), 204);
    expectStatus(await acme.api.delete(`/payment-providers/${second.id}`), 204);
  });

  it('refuses a currency that its provider does not take, and credentials of another', async () => {
    const bad = { ...paystack(), currencies: ['NGN', 'UGX'] };
    expect(expectStatus(await acme.api.post('/payment-providers', bad), 400).errors).toMatchObject([
      { pointer: '/currencies/1', code: 'currency_not_supported' },
    ]);
    const made = expectStatus(await acme.api.post('/payment-providers', paystack()), 201);
    const credentials = { secretKey: 'sk_test_0123456789', webhookSecret: 'whsec_0123456789' };
    expectStatus(await acme.api.patch(`/payment-providers/${made.id}`, { credentials }), 400);
    expectStatus(await acme.api.delete(`/payment-providers/${made.id}`), 204);
  });

  it('is there still when the test data was deleted', async () => {
    const made = expectStatus(await acme.api.post('/payment-providers', paystack()), 201);
    expectStatus(await acme.api.delete('/test-data'), 204);
    expect(expectStatus(await acme.api.get('/payment-providers'), 200).data).toMatchObject([{ id: made.id }]);
    expectStatus(await acme.api.delete(`/payment-providers/${made.id}`), 204);
  });
});
