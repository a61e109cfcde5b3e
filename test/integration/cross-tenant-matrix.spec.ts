import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api, type ApiResponse } from '../support/api.js';
import { buildBillingWorld, type BillingWorld } from '../support/billing-world.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { openTill } from '../support/till-cases.js';
import { disputeSome, parkSome } from '../support/odd-money.js';
import { operationsOf, type Operation } from '../support/openapi.js';

const BATCH = '/api/usage/batch';

/** What of tenant A's a path parameter may name, by the collection it stands in. */
type OwnedIds = Record<string, string>;

let nova: Nova;
let a: TestTenant;
let b: TestTenant;
let aLive: Api;
let bLive: Api;
let operations: Operation[];
let testIds: OwnedIds;
let liveIds: OwnedIds;

beforeAll(async () => {
  nova = await startNova({ env: { PLATFORM_BILLING: 'on' } });
  a = await nova.tenant();
  b = await nova.tenant();
  aLive = nova.as(await liveKey(a));
  bLive = nova.as(await liveKey(b));
  operations = await operationsOf(nova.anonymous);
  const world = await buildBillingWorld(a.api, 'a-test');
  testIds = { ...(await accountIds(a)), ...dataIds(world), events: await eventOf(world.usageAlertId) };
  liveIds = { ...testIds, ...dataIds(await buildLiveWorld(aLive)) };
  // B has objects of its own, so that an answer of B's is never empty by chance.
  await buildBillingWorld(b.api, 'b-test');
});

afterAll(() => nova.stop());

/** What the alert of A's world has written, once its job is done. */
function eventOf(usageAlertId: string): Promise<string> {
  return eventually(async () => {
    const { data } = expectStatus(await a.api.get(`/events?objectId=${usageAlertId}`), 200);
    return data[0].id;
  });
}

async function liveKey(tenant: TestTenant): Promise<string> {
  const key = expectStatus(
    await tenant.user.post('/tenants/me/api-keys', { name: 'live', mode: 'live' }),
    201,
  );
  return key.key;
}

/** Live mode has no provider to charge with yet, so its world has no payment method and no payment by one. */
async function buildLiveWorld(api: Api): Promise<Partial<BillingWorld>> {
  const customer = expectStatus(
    await api.post('/customers', { name: 'Live customer', currency: 'NGN' }),
    201,
  );
  const draft = expectStatus(
    await api.post('/invoices', {
      customerId: customer.id,
      currency: 'NGN',
      lines: [{ description: 'Work', quantity: '1', unitAmount: '1000' }],
    }),
    201,
  );
  return { customerId: customer.id, draftInvoiceId: draft.id, invoiceId: draft.id };
}

function dataIds(world: Partial<BillingWorld>): OwnedIds {
  const byCollection: Record<string, string | undefined> = {
    customers: world.customerId,
    plans: world.planId,
    features: world.featureId,
    'feature-overrides': world.featureId,
    prices: world.priceId,
    coupons: world.couponId,
    discounts: world.discountId,
    'tax-rates': world.taxRateId,
    meters: world.meterId,
    'usage-alerts': world.usageAlertId,
    usage: world.transactionId,
    'payment-methods': world.paymentMethodId,
    subscriptions: world.subscriptionId,
    changes: world.changeId,
    invoices: world.invoiceId,
    payments: world.paymentId,
    'checkout-sessions': world.checkoutSessionId,
    'credit-notes': world.creditNoteId,
    refunds: world.refundId,
    wallets: world.walletId,
    'payment-providers': world.paymentProviderId,
    'dunning-policies': world.dunningPolicyId,
    'webhook-endpoints': world.webhookEndpointId,
    'webhook-deliveries': world.webhookDeliveryId,
    'provider-webhooks': world.providerWebhookId,
  };
  return Object.fromEntries(
    Object.entries(byCollection).filter((entry): entry is [string, string] => !!entry[1]),
  );
}

/** A checkout of the platform's that waits to be paid. */
async function checkoutOf(tenant: TestTenant): Promise<string> {
  await openTill(nova);
  const opened = expectStatus(
    await tenant.user.post('/billing/checkout', { plan: 'growth', currency: 'KES' }),
    200,
  );
  return opened.sessionId;
}

async function accountIds(tenant: TestTenant): Promise<OwnedIds> {
  const keys = expectStatus(await tenant.user.get('/tenants/me/api-keys'), 200);
  const members = expectStatus(await tenant.user.get('/tenants/me/members'), 200);
  const sessions = expectStatus(await tenant.user.get('/auth/sessions'), 200);
  const invitation = expectStatus(
    await tenant.user.post('/tenants/me/members', {
      email: `guest-${tenant.tenantId}@acme.example`,
      role: 'viewer',
    }),
    201,
  );
  return {
    'api-keys': keys.data[0].id,
    members: members.data[0].id,
    invitations: invitation.id,
    sessions: sessions.data[0].id,
    checkout: await checkoutOf(tenant),
    'unmatched-payments': await parkSome(nova, tenant),
    disputes: await disputeSome(nova, tenant),
  };
}

/** The path with A's ids in it; an id belongs to the collection named before it. */
function fill(template: string, ids: OwnedIds): string {
  const segments = template.replace(/^\/api/, '').split('/');
  return segments
    .map((segment, index) => {
      if (!segment.startsWith('{')) return segment;
      const id = ids[segments[index - 1] ?? ''];
      if (!id) throw new Error(`The matrix knows no object of A's for ${segment} in ${template}: add one.`);
      return id;
    })
    .join('/');
}

/** What is no tenant's: what problems mean, and where providers send to. The token there is the credential itself. */
const isNobodys = ({ template }: Operation) =>
  template.includes('/problems/') || template.startsWith('/api/webhooks/');
const withIds = () => operations.filter((o) => o.parameters.length > 0 && !isNobodys(o));
const isCollectionRead = (o: Operation) => o.method === 'GET' && o.parameters.length === 0 && !o.isPublic;

/** What B has asked for is in its own request log, with the ids that it tried. */
function withoutOwnPaths(response: ApiResponse): string {
  return JSON.stringify(response.body, (key, value: unknown) => (key === 'path' ? undefined : value));
}

/** Calls every route that takes an id, or those of some collections, and returns those that did not refuse. */
async function leaksOf(api: Api, ids: OwnedIds, collections?: readonly string[]): Promise<string[]> {
  const leaks: string[] = [];
  for (const operation of withIds()) {
    if (collections && !collections.includes(operation.template.split('/')[2] ?? '')) continue;
    const path = fill(operation.template, ids);
    const response = await api.request(operation.method, path, operation.exampleBody);
    if (response.status !== 404 && response.status !== 403) {
      leaks.push(`${operation.method} ${path} → ${response.status} ${JSON.stringify(response.body)}`);
    }
  }
  return leaks;
}

describe('no tenant reaches another, on any route of the document', () => {
  it('knows every route that takes an id', () => {
    expect(withIds().length).toBeGreaterThan(25);
    for (const operation of withIds()) expect(() => fill(operation.template, testIds)).not.toThrow();
  });

  it("refuses tenant B's test key with A's ids", async () => {
    expect(await leaksOf(b.api, testIds)).toEqual([]);
  });

  it("refuses tenant B's live key with A's test and live ids", async () => {
    expect(await leaksOf(bLive, testIds)).toEqual([]);
    expect(await leaksOf(bLive, liveIds)).toEqual([]);
  });

  it("refuses a foreign JWT with A's ids, in both modes", async () => {
    expect(await leaksOf(b.user, testIds)).toEqual([]);
    expect(await leaksOf(b.user.with({ 'Nova-Mode': 'live' }), liveIds)).toEqual([]);
  });

  it("refuses A's test key on A's live objects, and the other way round", async () => {
    expect(await leaksOf(a.api, liveIds, ['customers', 'invoices'])).toEqual([]);
    expect(await leaksOf(aLive, testIds)).toEqual([]);
  });

  it("shows nothing of A's in any of B's lists", async () => {
    for (const operation of operations.filter(isCollectionRead)) {
      for (const api of [b.api, bLive, b.user]) {
        const response = await api.get(operation.template.replace(/^\/api/, ''));
        const shown = withoutOwnPaths(response);
        for (const id of [...Object.values(testIds), ...Object.values(liveIds), a.tenantId, a.userId]) {
          expect(shown, `${operation.template} shows ${id}`).not.toContain(id);
        }
      }
    }
  });

  it("does not take A's ids in a body of B's", async () => {
    const foreignKey = /^(customer|plan|price|paymentMethod|subscription|invoice|meter)Id$/;
    const replaceIds = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (key, inner: unknown) =>
          foreignKey.test(key)
            ? testIds[`${key.replace(/Id$/, '').replace('paymentMethod', 'payment-method')}s`]
            : inner,
        ),
      );
    const creating = operations.filter(
      ({ method, template, parameters, exampleBody }) =>
        method === 'POST' &&
        template !== BATCH &&
        parameters.length === 0 &&
        JSON.stringify(replaceIds(exampleBody ?? null)) !== JSON.stringify(exampleBody ?? null),
    );
    expect(creating.length).toBeGreaterThanOrEqual(2);
    for (const operation of creating) {
      const response = await b.api.post(
        operation.template.replace(/^\/api/, ''),
        replaceIds(operation.exampleBody),
      );
      expect([400, 404], `${operation.template}: ${JSON.stringify(response.body)}`).toContain(
        response.status,
      );
    }
    // A batch is answered item by item.
    const batch = operations.find(({ template }) => template === BATCH);
    const answer = expectStatus(await b.api.post('/usage/batch', replaceIds(batch?.exampleBody)), 200);
    expect(answer).toMatchObject({ accepted: 0, duplicates: 0, rejected: 2 });
  });

  it('answers 401 problems without credentials on every route that is not public', async () => {
    for (const operation of operations.filter((o) => !o.isPublic)) {
      const response = await nova.anonymous.request(operation.method, fill(operation.template, testIds));
      expect(response.status, `${operation.method} ${operation.template}`).toBe(401);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it('left everything of A as it was', async () => {
    const invoice = expectStatus(await a.api.get(`/invoices/${testIds['invoices']}`), 200);
    expect(invoice.status).toBe('paid');
    expect(expectStatus(await a.api.get(`/customers/${testIds['customers']}`), 200).name).toBe(
      'Customer a-test',
    );
  });
});
