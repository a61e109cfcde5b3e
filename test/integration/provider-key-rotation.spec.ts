// The same on other servers: accounts and their keys are rows of the central database, which has no pooler.
import { createHmac, randomBytes } from 'node:crypto';

import { destroyRetiredKeys } from '@nova/core/tenancy/keys/retire-keys.js';
import { rotateKeys } from '@nova/core/tenancy/keys/rotate-keys.js';
import { SEALED_COLUMNS } from '@nova/core/tenancy/keys/sealed-columns.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { startMpesaFake } from '../fakes/mpesa/start-mpesa-fake.js';
import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { startPaystackFake } from '../fakes/paystack/start-paystack-fake.js';
import { expectStatus } from '../support/api.js';
import { createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { BENCHES } from '../support/contract-benches.js';
import { eventually } from '../support/eventually.js';
import { httpCall } from '../support/http-call.js';
import { whileBusy } from '../support/kept-busy.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const FIRST = randomBytes(32);
const SECOND = randomBytes(32);
const JWT_SECRET = randomBytes(32).toString('hex');
/** The key that the tenant had at Paystack before. */
const OLD_KEY = 'sk_test_of_before_0123456789';
const ROTATIONS = 3;
/** What an account has sealed. */
const ACCOUNT_COLUMNS = ['credentials_sealed', 'previous_key_sealed', 'access_token_sealed'];

let databases: PlatformDatabases;
let central: pg.Pool;
let paystack: Awaited<ReturnType<typeof startPaystackFake>>;
let mpesa: Awaited<ReturnType<typeof startMpesaFake>>;
let receiver: WebhookReceiver;
let nova: Nova;
let acme: TestTenant;
let ids: Record<'paystack' | 'mpesa', string>;
let webhookPath: string;
let signingSecret: string;

const boot = (present: Buffer, ...previous: Buffer[]) =>
  startNova({
    databases,
    env: {
      JWT_SECRET,
      ENCRYPTION_KEY: present.toString('hex'),
      ENCRYPTION_KEYS_PREVIOUS: previous.map((key) => key.toString('hex')).join(','),
      PAYSTACK_URL: paystack.url,
      MPESA_URL: mpesa.url,
      MPESA_SANDBOX_URL: mpesa.url,
    },
  });

const api = () => nova.as(acme.testKey);
const callProvider = async (provider: keyof typeof ids) => {
  const test = expectStatus(await api().post(`/payment-providers/${ids[provider]}/test`), 200);
  expect(test).toMatchObject({ result: 'ok' });
};
/** A webhook of Paystack's, signed with a key. */
const webhookSignedBy = async (key: string) => {
  const body = JSON.stringify({
    event: 'charge.success',
    data: { id: 1, reference: 'none', domain: 'test' },
  });
  const signature = createHmac('sha512', key).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-paystack-signature': signature };
  return (await httpCall(`${nova.url}${webhookPath}`, { method: 'POST', body, headers })).status;
};

/** The sealed texts there are, by table and column. */
async function sealedTexts(): Promise<Map<string, string[]>> {
  const texts = new Map<string, string[]>();
  for (const { table, column } of SEALED_COLUMNS) {
    const { rows } = await central.query<{ sealed: string }>(
      `SELECT ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1`,
    );
    texts.set(
      `${table}.${column}`,
      rows.map(({ sealed }) => sealed),
    );
  }
  return texts;
}

beforeAll(async () => {
  [paystack, mpesa, receiver, databases] = await Promise.all([
    startPaystackFake(),
    startMpesaFake({ strictCallbackUrls: false }),
    WebhookReceiver.start(),
    createPlatformDatabases(inject('postgresUrl')),
  ]);
  central = new pg.Pool({ connectionString: databases.centralUrl, max: 2 });
  central.on('error', () => undefined);
  nova = await boot(FIRST);
  acme = await nova.tenant();
  const add = async (provider: string, credentials: unknown) =>
    expectStatus(await acme.api.post('/payment-providers', { provider, credentials }), 201);
  const made = await add('paystack', { secretKey: OLD_KEY });
  const { credentials } = BENCHES.find(({ name }) => name === 'mpesa') ?? {};
  ids = { paystack: made.id, mpesa: (await add('mpesa', credentials)).id };
  webhookPath = new URL(made.webhookUrl).pathname;
  // The old key goes on proving webhooks for a while.
  const rolled = { credentials: { secretKey: PAYSTACK_DEMO_KEYS.test }, keepOldKeyHours: 100 };
  expectStatus(await acme.api.patch(`/payment-providers/${ids.paystack}`, rolled), 200);
  const endpoint = { url: receiver.url, eventTypes: ['customer.created'] };
  signingSecret = expectStatus(await acme.api.post('/webhook-endpoints', endpoint), 201).secret;
});

afterAll(async () => {
  await nova.stop();
  await central.end();
  await databases.drop();
  await Promise.all([paystack.stop(), mpesa.stop(), receiver.close()]);
});

describe('what is kept of payment providers and receivers', () => {
  it('is sealed anew while providers are called, webhooks come and events go out', async () => {
    for (const provider of ['paystack', 'mpesa'] as const) await callProvider(provider);
    const before = await sealedTexts();
    for (const column of ACCOUNT_COLUMNS) {
      expect(before.get(`payment_accounts.${column}`)?.length, column).toBeGreaterThan(0);
    }
    expect(before.get('webhook_secrets.secret_sealed')).toHaveLength(1);
    let customers = 0;
    const busy = await whileBusy(
      [
        () => callProvider('paystack'),
        () => callProvider('mpesa'),
        async () => expect(await webhookSignedBy(OLD_KEY)).toBe(200),
        async () => {
          expectStatus(await api().post('/customers', { name: 'Zuri' }), 201);
          customers += 1;
        },
      ],
      async () => {
        for (let time = 0; time < ROTATIONS; time++) {
          expect((await rotateKeys(nova.config)).unopened).toEqual([]);
        }
      },
    );
    expect(busy.failures).toEqual([]);
    await eventually(() => Promise.resolve(expect(receiver.received).toHaveLength(customers)), {
      withinMs: 20_000,
    });
    receiver.verifyAll(signingSecret);
    const { activeKeyId } = await rotateKeys(nova.config);
    const after = await sealedTexts();
    for (const [column, texts] of after) {
      expect(
        texts.every((text) => text.startsWith(`v2.${activeKeyId}.`)),
        column,
      ).toBe(true);
      expect(
        texts.filter((text) => before.get(column)?.includes(text)),
        column,
      ).toEqual([]);
    }
  });

  it('works when the keys of before are gone, the master key too', async () => {
    await nova.stop();
    nova = await boot(SECOND, FIRST);
    expect((await rotateKeys(nova.config)).unopened).toEqual([]);
    await nova.stop();
    const destroyed = await destroyRetiredKeys(central, 0);
    expect(destroyed.length).toBeGreaterThan(ROTATIONS);
    nova = await boot(SECOND);
    const tokensAsked = () => mpesa.control.journal().filter(({ path }) => path.startsWith('/oauth/')).length;
    const askedBefore = tokensAsked();
    for (const provider of ['paystack', 'mpesa'] as const) await callProvider(provider);
    // The access token was kept as well, so that no new one was needed.
    expect(tokensAsked()).toBe(askedBefore);
    expect(await webhookSignedBy(OLD_KEY)).toBe(200);
    expect(await webhookSignedBy(PAYSTACK_DEMO_KEYS.test)).toBe(200);
    expect(await webhookSignedBy('sk_test_of_nobody')).toBe(401);
    const received = receiver.received.length;
    expectStatus(await api().post('/customers', { name: 'Zuri' }), 201);
    await eventually(() => Promise.resolve(expect(receiver.received).toHaveLength(received + 1)));
    receiver.verifyAll(signingSecret);
  });

  it('is in no row of central in clear', async () => {
    const rows = await central.query<{ row: string }>(
      `SELECT t::text AS row FROM payment_accounts t UNION ALL SELECT t::text FROM webhook_secrets t
        UNION ALL SELECT t::text FROM audit_log t UNION ALL SELECT t::text FROM idempotency_records t`,
    );
    const dump = rows.rows.map(({ row }) => row).join('\n');
    expect(dump).toContain(ids.mpesa);
    const { credentials } = BENCHES.find(({ name }) => name === 'mpesa') ?? {};
    const secrets = [OLD_KEY, PAYSTACK_DEMO_KEYS.test, signingSecret.slice('whsec_'.length)];
    for (const secret of [...secrets, ...textsIn(credentials)]) expect(dump).not.toContain(secret);
  });
});

/** The texts of credentials that nobody else has to know. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 16 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
