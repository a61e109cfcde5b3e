import { removeOldDeliveries } from '@nova/core/features/webhooks/remove-old-deliveries.js';
import { rotateKeys } from '@nova/core/tenancy/keys/rotate-keys.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { tenantDatabaseUrl } from '../support/tenant-database.js';
import { status, WebhookReceiver } from '../support/webhook-receiver.js';

const ENDPOINTS_MAX = 4;

let nova: Nova;
let tenant: TestTenant;
let receiver: WebhookReceiver;

beforeAll(async () => {
  nova = await startNova({ env: { WEBHOOK_ENDPOINTS_MAX: `${ENDPOINTS_MAX}` } });
  tenant = await nova.tenant();
  receiver = await WebhookReceiver.start();
});
afterAll(async () => {
  await nova.stop();
  await receiver.close();
});

const listen = () => ({ url: receiver.url, eventTypes: ['customer.created'] });
const secretsInCentral = () =>
  asSuperuser(nova.config.centralDatabaseUrl, async (client) => {
    const { rows } = await client.query<{ sealed: string }>(
      'SELECT secret_sealed AS sealed FROM webhook_secrets ORDER BY id',
    );
    return rows.map(({ sealed }) => sealed);
  });

describe('a signing secret', () => {
  it('is sealed, and sealed anew when keys are rotated, while deliveries go on', async () => {
    const endpoint = expectStatus(await tenant.api.post('/webhook-endpoints', listen()), 201);
    const before = await secretsInCentral();
    expect(before).toHaveLength(1);
    expect(before[0]).not.toContain(endpoint.secret.slice('whsec_'.length));
    await rotateKeys(nova.config);
    const after = await secretsInCentral();
    expect(after).toHaveLength(1);
    expect(after[0]?.split('.')[1]).not.toBe(before[0]?.split('.')[1]);
    expectStatus(await tenant.api.post('/customers', { name: 'Zuri' }), 201);
    await eventually(() => Promise.resolve(expect(receiver.received).toHaveLength(1)));
    receiver.verifyAll(endpoint.secret);
    expectStatus(await tenant.api.delete(`/webhook-endpoints/${endpoint.id}`), 204);
    expect(await secretsInCentral()).toEqual([]);
  });

  it('is in no table of the tenant’s, not even for an Idempotency-Key', async () => {
    const keyed = tenant.api.with({ 'idempotency-key': 'one endpoint' });
    const first = expectStatus(await keyed.post('/webhook-endpoints', listen()), 201);
    const second = expectStatus(await keyed.post('/webhook-endpoints', listen()), 201);
    expect(second).toEqual(first);
    const url = await tenantDatabaseUrl(nova.databases, tenant.tenantId);
    const records = await asSuperuser(
      url,
      async (client) => (await client.query('SELECT * FROM idempotency_records')).rows,
    );
    expect(JSON.stringify(records)).not.toContain(first.secret);
    expectStatus(await tenant.api.delete(`/webhook-endpoints/${first.id}`), 204);
  });
});

describe('endpoints', () => {
  it('are as many as may be, and no more', async () => {
    const made = await Promise.all(
      Array.from({ length: ENDPOINTS_MAX + 2 }, () => tenant.api.post('/webhook-endpoints', listen())),
    );
    const codes = made.map(({ status: code }) => code).toSorted((a, b) => a - b);
    expect(codes).toEqual([201, 201, 201, 201, 409, 409]);
    for (const { body } of made)
      if (body.secret) expectStatus(await tenant.api.delete(`/webhook-endpoints/${body.id}`), 204);
  });

  it('of live mode take https alone', async () => {
    const key = expectStatus(
      await tenant.user.post('/tenants/me/api-keys', { name: 'live', mode: 'live' }),
      201,
    );
    const live = nova.as(key.key);
    expect(expectStatus(await live.post('/webhook-endpoints', listen()), 400).code).toBe(
      'webhook_url_refused',
    );
    expectStatus(await live.post('/webhook-endpoints', { url: 'https://example.com/hooks' }), 201);
    expect(expectStatus(await tenant.api.get('/webhook-endpoints'), 200).data).toEqual([]);
  });
});

describe('the log', () => {
  it('ends after its days, but for what is still to be sent', async () => {
    receiver.answerWith(status(200));
    const endpoint = expectStatus(await tenant.api.post('/webhook-endpoints', listen()), 201);
    for (const name of ['Old', 'New', 'Waiting'])
      expectStatus(await tenant.api.post('/customers', { name }), 201);
    const list = async () =>
      expectStatus(await tenant.api.get(`/webhook-endpoints/${endpoint.id}/deliveries?sort=createdAt`), 200)
        .data;
    await eventually(async () => {
      expect((await list()).map((d: { status: string }) => d.status)).toEqual(Array(3).fill('succeeded'));
    });
    const [old, fresh, waiting] = await list();
    const pool = new pg.Pool({ connectionString: await tenantDatabaseUrl(nova.databases, tenant.tenantId) });
    const age = (id: string, more = '') =>
      pool.query(
        `UPDATE webhook_deliveries SET created_at = now() - interval '40 days', updated_at = now() - interval '40 days'${more} WHERE id = $1`,
        [id],
      );
    await age(old.id);
    await age(waiting.id, `, status = 'pending', next_attempt_at = now() + interval '1 day'`);
    await removeOldDeliveries({ pool }, 30);
    expect((await list()).map(({ id }: { id: string }) => id)).toEqual([waiting.id, fresh.id]);
    const { rows } = await pool.query('SELECT delivery_id FROM webhook_attempts WHERE delivery_id = $1', [
      old.id,
    ]);
    expect(rows).toEqual([]);
    await pool.end();
  });
});
