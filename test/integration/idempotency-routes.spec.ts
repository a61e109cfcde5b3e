// The same on other servers: keys are kept alike for all routes, and idempotency.spec.ts keeps them there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ApiResponse, expectStatus } from '../support/api.js';
import { createMonthlyPlan } from '../support/billing-world.js';
import { checkoutCases } from '../support/checkout-cases.js';
import { creditCases } from '../support/credit-cases.js';
import { dunningCases } from '../support/dunning-cases.js';
import { type Case, onTwo } from '../support/keyed-cases.js';
import { providerCases } from '../support/provider-cases.js';
import { providerWebhookCases } from '../support/some-webhook.js';
import { tillCases } from '../support/till-cases.js';
import { webhookCases } from '../support/webhook-cases.js';
import { unmatchedCases } from '../support/odd-money.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { invitationToken } from '../support/team.js';

interface Documented {
  parameters?: { name: string }[];
  responses: Record<string, { $ref?: string }>;
  security?: unknown[];
}

let nova: Nova;
let acme: TestTenant;
let postRoutes: [string, Documented][];
let serial = 0;

beforeAll(async () => {
  nova = await startNova({ env: { PLATFORM_BILLING: 'on' } });
  acme = await nova.tenant();
  const document = expectStatus(await nova.anonymous.get('/openapi.json'), 200) as {
    paths: Record<string, { post?: Documented }>;
  };
  postRoutes = Object.entries(document.paths).flatMap(([path, { post }]) => (post ? [[path, post]] : []));
});

afterAll(() => nova.stop());

const unique = () => `${(serial += 1)}-${performance.now().toString(36)}`;
const made = async (path: string, body: unknown) => expectStatus(await acme.api.post(path, body), 201);
const customer = () =>
  made('/customers', { name: 'Payer', currency: 'NGN', email: 'payer@customer.example' });
const plan = () => createMonthlyPlan(acme.api, unique());
const method = async (customerId: string) =>
  made(`/customers/${customerId}/payment-methods`, { token: 'pm_sandbox_success' });

async function draft(): Promise<ApiResponse['body']> {
  const { id } = await customer();
  await method(id);
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  return made('/invoices', { customerId: id, lines, collectionMethod: 'send_invoice' });
}

async function openInvoice(): Promise<string> {
  const { id } = await draft();
  expectStatus(await acme.api.post(`/invoices/${id}/finalize`), 200);
  return id;
}

async function subscribe(): Promise<string> {
  const [{ id: customerId }, { plan: offer }] = await Promise.all([customer(), plan()]);
  return (await made('/subscriptions', { customerId, planId: offer.id })).id;
}

/** Makes subscriptions to which a verb was done. */
function after(verb: string, body: unknown = {}): () => Promise<string> {
  return async () => {
    const id = await subscribe();
    expectStatus(await acme.api.post(`/subscriptions/${id}/${verb}`, body), 200);
    return id;
  };
}

async function apiKey(): Promise<string> {
  return expectStatus(await acme.user.post('/tenants/me/api-keys', { name: 'To roll', mode: 'test' }), 201)
    .id;
}

/** Somebody who has a quota, and the path of something that is done with it. */
async function withQuota(verb: string): Promise<Case> {
  const { id: customerId } = await customer();
  const { plan: offer } = await plan();
  const { code } = await made('/features', { code: `quota_${(serial += 1)}`, name: 'Quota', kind: 'quota' });
  const features = [{ feature: code, amount: '10' }];
  expectStatus(await acme.api.request('PUT', `/plans/${offer.id}/features`, { features }), 200);
  await made('/subscriptions', { customerId, planId: offer.id });
  const use = { customerId, feature: code, quantity: '2', transactionId: `first ${unique()}` };
  expectStatus(await acme.api.post('/entitlements/consume', use), 200);
  const path = `/entitlements/${verb}`;
  const body = { ...use, quantity: '1', transactionId: `then ${unique()}` };
  return { first: { path, body }, other: { path, body: { ...body, transactionId: `other ${unique()}` } } };
}

const registration = () => ({
  email: `founder-${unique()}@acme.example`,
  password: 'correct horse battery',
  name: 'Ada Founder',
  company: 'Acme',
});

const CASES: Record<string, () => Promise<Case>> = {
  '/api/customers': () =>
    Promise.resolve({
      first: { path: '/customers', body: { name: 'Zuri', metadata: { z: '1', a: '2' } } },
      other: { path: '/customers', body: { name: 'Zuri Stores' } },
    }),
  '/api/customers/{id}/payment-methods': async () => {
    const path = `/customers/${(await customer()).id}/payment-methods`;
    return {
      first: { path, body: { token: 'pm_sandbox_success' } },
      other: { path, body: { token: 'pm_sandbox_declined' } },
    };
  },
  '/api/payment-methods/{id}/default': () =>
    onTwo(
      async () => (await method((await customer()).id)).id,
      (id) => `/payment-methods/${id}/default`,
    ),
  '/api/plans': () =>
    Promise.resolve({
      first: { path: '/plans', body: { name: 'Pro' } },
      other: { path: '/plans', body: { name: 'Basic' } },
    }),
  '/api/plans/{id}/prices': async () => {
    const path = `/plans/${(await plan()).plan.id}/prices`;
    const price = { currency: 'KES', model: 'flat', type: 'recurring', interval: 'month' };
    return {
      first: { path, body: { ...price, unitAmount: '100' } },
      other: { path, body: { ...price, unitAmount: '200' } },
    };
  },
  '/api/plans/{id}/versions': async () => {
    const path = `/plans/${(await plan()).plan.id}/versions`;
    return { first: { path, body: { trialDays: 7 } }, other: { path, body: { trialDays: 14 } } };
  },
  '/api/features': () =>
    Promise.resolve({
      first: { path: '/features', body: { code: 'export', name: 'Export', kind: 'switch' } },
      other: { path: '/features', body: { code: 'import', name: 'Import', kind: 'switch' } },
    }),
  '/api/billing/subscription': () =>
    Promise.resolve({
      first: { path: '/billing/subscription', body: { plan: 'growth' } },
      other: { path: '/billing/subscription', body: { plan: 'pro' } },
      by: acme.user,
    }),
  '/api/entitlements/consume': () => withQuota('consume'),
  '/api/entitlements/release': () => withQuota('release'),
  '/api/coupons': () => {
    const coupon = { name: 'Half price', kind: 'percentage', percentOff: '50', duration: 'once' };
    return Promise.resolve({
      first: { path: '/coupons', body: coupon },
      other: { path: '/coupons', body: { ...coupon, duration: 'forever' } },
    });
  },
  '/api/customers/{id}/discounts': async () => {
    const coupon = { name: 'Half price', kind: 'percentage', percentOff: '50', duration: 'once' };
    const path = `/customers/${(await customer()).id}/discounts`;
    return {
      first: { path, body: { couponId: (await made('/coupons', coupon)).id } },
      other: { path, body: { couponId: (await made('/coupons', coupon)).id } },
    };
  },
  '/api/tax-rates': () => {
    const rate = { name: 'VAT', country: 'UG', components: [{ code: 'VAT', name: 'VAT', rate: '18' }] };
    return Promise.resolve({
      first: { path: '/tax-rates', body: rate },
      other: { path: '/tax-rates', body: { ...rate, country: 'RW' } },
    });
  },
  '/api/tax-rates/presets': () =>
    Promise.resolve({
      first: { path: '/tax-rates/presets', body: { country: 'KE' } },
      other: { path: '/tax-rates/presets', body: { country: 'ZA' } },
    }),
  '/api/subscriptions': async () => {
    const [{ id: customerId }, { plan: offer }] = await Promise.all([customer(), plan()]);
    const body = { customerId, planId: offer.id };
    return {
      first: { path: '/subscriptions', body },
      other: { path: '/subscriptions', body: { ...body, collectionMethod: 'send_invoice' } },
    };
  },
  '/api/subscriptions/{id}/cancel': () => onTwo(subscribe, (id) => `/subscriptions/${id}/cancel`),
  '/api/subscriptions/{id}/change': async () => {
    const path = `/subscriptions/${await subscribe()}/change`;
    const planId = (await plan()).plan.id;
    return {
      first: { path, body: { planId } },
      other: { path, body: { planId, proration: 'none' } },
    };
  },
  '/api/subscriptions/{id}/pause': () => onTwo(subscribe, (id) => `/subscriptions/${id}/pause`),
  '/api/subscriptions/{id}/resume': () => onTwo(after('pause'), (id) => `/subscriptions/${id}/resume`),
  '/api/subscriptions/{id}/keep': () => onTwo(after('cancel'), (id) => `/subscriptions/${id}/keep`),
  '/api/subscriptions/{id}/reactivate': () =>
    onTwo(after('cancel', { timing: 'immediate' }), (id) => `/subscriptions/${id}/reactivate`),
  '/api/invoices': async () => {
    const { id: customerId } = await customer();
    const line = { description: 'Work', quantity: '1', unitAmount: '5' };
    return {
      first: { path: '/invoices', body: { customerId, lines: [line] } },
      other: { path: '/invoices', body: { customerId, lines: [line, line] } },
    };
  },
  '/api/invoices/{id}/mark-uncollectible': () =>
    onTwo(openInvoice, (id) => `/invoices/${id}/mark-uncollectible`),
  '/api/invoices/{id}/finalize': () =>
    onTwo(
      async () => (await draft()).id,
      (id) => `/invoices/${id}/finalize`,
    ),
  '/api/invoices/{id}/mark-paid': () => onTwo(openInvoice, (id) => `/invoices/${id}/mark-paid`),
  '/api/invoices/{id}/void': () => onTwo(openInvoice, (id) => `/invoices/${id}/void`),
  '/api/invoices/{id}/send': () => onTwo(openInvoice, (id) => `/invoices/${id}/send`),
  '/api/invoices/{id}/pay': () => onTwo(openInvoice, (id) => `/invoices/${id}/pay`),
  ...tillCases(() => nova),
  ...checkoutCases(() => acme.api),
  ...unmatchedCases(() => ({ nova, tenant: acme, api: acme.api, openInvoice })),
  ...webhookCases(() => acme.api),
  ...providerCases(() => acme.api),
  ...providerWebhookCases(() => acme.api),
  ...dunningCases(() => acme.api, openInvoice),
  ...creditCases({ api: () => acme.api, settle: () => nova.settle() }),
  '/api/test-clock/advance': () =>
    Promise.resolve({
      first: { path: '/test-clock/advance', body: { days: 1 } },
      other: { path: '/test-clock/advance', body: { days: 2 } },
    }),
  '/api/tenants/me/api-keys': () =>
    Promise.resolve({
      first: { path: '/tenants/me/api-keys', body: { name: 'One', mode: 'test' } },
      other: { path: '/tenants/me/api-keys', body: { name: 'Two', mode: 'test' } },
      by: acme.user,
    }),
  '/api/tenants/me/api-keys/{id}/roll': async () => ({
    ...(await onTwo(apiKey, (id) => `/tenants/me/api-keys/${id}/roll`, { expireOldInSeconds: 60 })),
    by: acme.user,
  }),
  '/api/tenants/me/members': () => {
    const path = '/tenants/me/members';
    const email = `guest-${unique()}@team.example`;
    return Promise.resolve({
      first: { path, body: { email, role: 'viewer' } },
      other: { path, body: { email, role: 'support' } },
      by: acme.user,
    });
  },
  '/api/meters': () => {
    const meter = { name: 'Calls', eventName: 'calls', aggregation: 'count' };
    return Promise.resolve({
      first: { path: '/meters', body: meter },
      other: { path: '/meters', body: { ...meter, unit: 'call' } },
    });
  },
  '/api/meters/presets': () =>
    Promise.resolve({
      first: { path: '/meters/presets' },
      other: { path: '/meters/presets', body: { presets: ['api_calls'] } },
    }),
  '/api/usage-alerts': async () => {
    const meter = { name: 'Calls', eventName: 'calls', aggregation: 'count' };
    const body = { meterId: (await made('/meters', meter)).id, thresholds: [{ value: '10' }] };
    return {
      first: { path: '/usage-alerts', body },
      other: { path: '/usage-alerts', body: { ...body, thresholds: [{ value: '20' }] } },
    };
  },
  '/api/auth/password/change': async () => {
    const { user, password: currentPassword } = await nova.tenant();
    const path = '/auth/password/change';
    return {
      first: { path, body: { currentPassword, newPassword: 'staple battery horse' } },
      other: { path, body: { currentPassword, newPassword: 'horse battery staple' } },
      by: user,
    };
  },
  '/api/auth/register': () =>
    Promise.resolve({
      first: { path: '/auth/register', body: registration() },
      other: { path: '/auth/register', body: registration() },
      by: nova.anonymous,
    }),
  '/api/auth/invitations/accept': async () => {
    const invite = async () => {
      const email = `new-${unique()}@team.example`;
      expectStatus(await acme.user.post('/tenants/me/members', { email, role: 'viewer' }), 201);
      const token = await invitationToken(nova, email);
      return {
        path: '/auth/invitations/accept',
        body: { token, name: 'New', password: 'correct horse new' },
      };
    };
    return { first: await invite(), other: await invite(), by: nova.anonymous };
  },
};

const IGNORED = [
  // An address of a provider's is good for minutes.
  '/api/billing/portal',
  '/api/payment-providers/{id}/test',
  '/api/auth/login',
  '/api/auth/logout',
  '/api/auth/refresh',
  // Asking twice does no harm, and an answer of yesterday would.
  '/api/entitlements/check',
  // A preview writes nothing.
  '/api/credit-notes/preview',
  '/api/invoices/preview',
  '/api/subscriptions/preview',
  '/api/subscriptions/{id}/preview',
  // Every event of a provider's has a key of its own, and providers send no header of ours.
  '/api/webhooks/{provider}',
  '/api/webhooks/{provider}/{token}',
  '/api/webhooks/daraja/{token}',
  '/api/webhooks/daraja/{token}/{topic}',
  '/api/webhooks/daraja/{token}/stk/{attempt}',
  // Every event has a key of its own, which is known for ever and not for a day.
  '/api/usage',
  '/api/usage/batch',
];

describe('the document', () => {
  it('has the header and its failures on every POST but those that ignore it', () => {
    const takesKey = ([, { parameters = [] }]: [string, Documented]) =>
      parameters.some(({ name }) => name === 'Idempotency-Key');
    const ignoring = postRoutes.filter((route) => !takesKey(route)).map(([path]) => path);
    expect(ignoring.toSorted()).toEqual(IGNORED.toSorted());
    for (const [path, { responses, security = [] }] of postRoutes.filter(takesKey)) {
      expect(responses['400']?.$ref, path).toContain('idempotency_key_invalid');
      expect(responses['409']?.$ref, path).toContain('idempotency_in_progress');
      if (security.length > 0) expect(responses['422']?.$ref, path).toContain('idempotency_key_reused');
    }
  });

  it('has no POST route that this file does not try', () => {
    const paths = postRoutes.map(([path]) => path);
    expect(paths.toSorted()).toEqual([...Object.keys(CASES), ...IGNORED].toSorted());
  });
});

describe('the same key twice', () => {
  it.each(Object.keys(CASES))('POST %s', async (template) => {
    const { first, other, by = acme.api } = await (CASES[template] as () => Promise<Case>)();
    const keyed = by.with({ 'idempotency-key': `key ${unique()}` });
    const one = await keyed.post(first.path, first.body);
    expect(one.status, JSON.stringify(one.body)).toBeLessThan(300);
    expect(one.headers.has('idempotent-replayed')).toBe(false);

    const two = await keyed.post(first.path, first.body);
    expect([two.status, two.bytes.toString()]).toEqual([one.status, one.bytes.toString()]);
    expect(two.headers.get('idempotent-replayed')).toBe('true');
    for (const name of ['etag', 'location', 'content-type']) {
      expect(two.headers.get(name), name).toBe(one.headers.get(name));
    }
    expect(two.headers.get('request-id')).not.toBe(one.headers.get('request-id'));

    const answer = await keyed.post(other.path, other.body);
    // Nobody is known on a public route, so whoever asks for something else there is somebody else.
    if (by === nova.anonymous) expect(answer.status).toBeLessThan(300);
    else expect(answer.body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('leaves routes alone that ignore it', async () => {
    const keyed = nova.anonymous.with({ 'idempotency-key': 'login' });
    const { email, password } = acme;
    const [one, two] = [
      await keyed.post('/auth/login', { email, password }),
      await keyed.post('/auth/login', { email, password }),
    ];
    expect(expectStatus(two, 200).refreshToken).not.toBe(expectStatus(one, 200).refreshToken);
  });
});
