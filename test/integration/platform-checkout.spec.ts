// The same on other servers: it goes by the same jobs and statements as payments and subscriptions, which are tried there.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { actOnSubscription } from '@nova/core/features/subscriptions/act-on-subscription.js';
import { PreviewSubscriptionSchema } from '@nova/core/features/subscriptions/verbs.schemas.js';
import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type ApiResponse, expectStatus } from '../support/api.js';
import { httpCall } from '../support/http-call.js';
import type { TestTenant } from '../support/nova.js';
import { runCommand } from '../support/nova-command.js';
import { PlatformShop } from '../support/platform-shop.js';

const SOON = { timeout: 20_000 };

let shop: PlatformShop;

beforeAll(async () => {
  shop = await PlatformShop.start();
});

beforeEach(() => {
  shop.sendsWebhooks = true;
});

afterAll(() => shop.stop());

const subscription = async (tenant: TestTenant) =>
  expectStatus(await tenant.user.get('/billing/subscription'), 200);
const planOf = async (tenant: TestTenant) => (await subscription(tenant)).plan?.code;
const checkoutOf = async (tenant: TestTenant, id: string) =>
  expectStatus(await tenant.user.get(`/billing/checkout/${id}`), 200);
const invoicesOf = async (tenant: TestTenant): Promise<ApiResponse['body'][]> =>
  expectStatus(await tenant.user.get('/billing/invoices'), 200).data;
/** What the plan lets it have, as requests are counted by it. */
const membersOf = async (tenantId: string) => {
  const central = shop.nova.app.get(CentralDatabase, { strict: false });
  const row = await central.db.tenantEntitlement.findFirst({ where: { tenantId, feature: 'members' } });
  return row ? (row.amount?.toFixed() ?? 'unlimited') : null;
};
const newcomer = async (currency: string) => {
  const tenant = await shop.nova.tenant({ currency });
  await expect.poll(() => membersOf(tenant.tenantId), SOON).toBe('5');
  return tenant;
};
/** What the provider took, by its own books. */
const captured = (tenantInvoice: string) =>
  [...shop.paystack.truth.all(), ...shop.stripe.truth.all()].filter(
    ({ kind, reference }) => kind === 'capture' && reference.includes(tenantInvoice.slice('inv_'.length)),
  );

/** Lets a tenant have Starter from now on, as an operator may. */
const giveUpPlan = (tenant: TestTenant) =>
  shop.inBooks(async (books) => {
    const { id } = await books.db.subscription.findFirstOrThrow({
      where: { customer: { externalId: tenant.tenantId }, status: 'active' },
    });
    const input = { planId: 'starter', timing: 'immediate', proration: 'none' };
    const request = PreviewSubscriptionSchema.parse({ verb: 'change', input });
    await actOnSubscription(books, { reference: id, expected: null }, request);
  });

describe('Pro', () => {
  it('is sold by Stripe: nothing is granted before the money came, and everything when it did', async () => {
    const acme = await newcomer('USD');
    const bought = await shop.checkOut(acme, { plan: 'pro', successUrl: 'https://app.example/paid' });
    expect(bought).toMatchObject({
      object: 'billing_checkout',
      status: 'open',
      url: expect.stringContaining('/pay/c'),
      plan: { code: 'pro' },
      amount: 19_900,
      currency: 'USD',
    });
    expect(await subscription(acme)).toMatchObject({
      plan: { code: 'starter' },
      unpaidPlan: { code: 'pro', sessionId: bought.sessionId },
    });
    expect(await membersOf(acme.tenantId)).toBe('5');

    await shop.payAt(bought.sessionId, 'stripe');
    await expect.poll(() => membersOf(acme.tenantId), SOON).toBe('unlimited');
    expect(await subscription(acme)).toMatchObject({
      plan: { code: 'pro' },
      status: 'active',
      unpaidPlan: null,
    });
    expect(await checkoutOf(acme, bought.sessionId)).toMatchObject({ status: 'complete', url: null });
    const invoices = await invoicesOf(acme);
    expect(invoices).toMatchObject([{ status: 'paid', total: 19_900, amountDue: 0 }]);
    expect(captured(invoices[0].id)).toHaveLength(1);
    // The card is kept, as the request agreed to: what follows is charged to it.
    await expect
      .poll(
        () =>
          shop.inBooks(({ db }) =>
            db.subscription.findFirst({
              where: { customer: { externalId: acme.tenantId }, status: 'active' },
              select: { collectionMethod: true, awaitsInvoiceId: true },
            }),
          ),
        SOON,
      )
      .toEqual({ collectionMethod: 'charge_automatically', awaitsInvoiceId: null });
  });

  it('is sold by Paystack in naira, once, though its webhook comes twice', async () => {
    const acme = await newcomer('NGN');
    const { sessionId, amount } = await shop.checkOut(acme, { plan: 'pro' });
    expect(amount).toBe(30_000_000);
    await shop.payAt(sessionId, 'paystack');
    await shop.paystack.control.webhooks.replay();
    await expect.poll(() => planOf(acme), SOON).toBe('pro');
    await shop.nova.settle();
    const invoices = await invoicesOf(acme);
    expect(invoices.map(({ status }) => status)).toEqual(['paid']);
    expect(captured(invoices[0].id)).toHaveLength(1);
    const payments = await shop.inBooks(({ db }) =>
      db.payment.findMany({ where: { invoiceId: invoices[0].id } }),
    );
    expect(payments.map(({ status }) => status)).toEqual(['succeeded']);
  });

  it('begins though no webhook ever comes, since the provider is asked', async () => {
    const acme = await newcomer('NGN');
    const { sessionId } = await shop.checkOut(acme, { plan: 'pro' });
    shop.sendsWebhooks = false;
    await shop.payAt(sessionId, 'paystack');
    expect(await planOf(acme)).toBe('starter');
    await shop.askAfterPayments();
    await expect.poll(() => planOf(acme), SOON).toBe('pro');
    await expect.poll(() => membersOf(acme.tenantId), SOON).toBe('unlimited');
  });

  it('is not given to whoever leaves the page, and leaves him nothing to pay', async () => {
    const acme = await newcomer('USD');
    const { sessionId } = await shop.checkOut(acme, { plan: 'pro' });
    await shop.click(await shop.pageOf(sessionId, 'stripe'), 'leave');
    await shop.expire(sessionId);
    await expect
      .poll(async () => (await invoicesOf(acme)).map(({ status }) => status), SOON)
      .toEqual(['void']);
    expect(await subscription(acme)).toMatchObject({ plan: { code: 'starter' }, unpaidPlan: null });
    expect(await checkoutOf(acme, sessionId)).toMatchObject({ status: 'expired', url: null });
    expect(await membersOf(acme.tenantId)).toBe('5');
    // Nobody was written to about it.
    expect(shop.nova.mail.list().filter(({ recipients }) => recipients.includes(acme.email))).toEqual([]);
  });

  it('is not given for a card that says no, and is for the next one', async () => {
    const acme = await newcomer('NGN');
    const { sessionId } = await shop.checkOut(acme, { plan: 'pro' });
    const page = await shop.pageOf(sessionId, 'paystack');
    await shop.click(page, 'decline');
    await shop.askAfterPayments();
    expect(await planOf(acme)).toBe('starter');
    const again = await shop.checkOut(acme, { plan: 'pro' });
    expect(again.sessionId).toBe(sessionId);
    await shop.payAt(sessionId, 'paystack');
    await expect.poll(() => planOf(acme), SOON).toBe('pro');
    expect((await invoicesOf(acme)).map(({ status }) => status)).toEqual(['paid']);
  });

  it('that is paid for when the checkout was over is not lost: the money waits for the operator', async () => {
    const acme = await newcomer('NGN');
    const { sessionId } = await shop.checkOut(acme, { plan: 'pro' });
    const page = await shop.pageOf(sessionId, 'paystack');
    await shop.expire(sessionId);
    await expect
      .poll(async () => (await invoicesOf(acme)).map(({ status }) => status), SOON)
      .toEqual(['void']);
    await shop.click(page, 'pay');
    const [invoice] = await invoicesOf(acme);
    const parked = () =>
      shop.inBooks(({ db }) =>
        db.unmatchedPayment.findMany({ where: { reason: 'invoice_not_open', invoiceId: invoice.id } }),
      );
    await expect.poll(async () => (await parked()).map(({ amount }) => amount), SOON).toEqual([30_000_000n]);
    expect(await planOf(acme)).toBe('starter');
  });

  it('is bought by two tenants at once, each for itself', async () => {
    const [a, b] = await Promise.all([newcomer('NGN'), newcomer('NGN')]);
    const [first, second] = await Promise.all([a, b].map((tenant) => shop.checkOut(tenant, { plan: 'pro' })));
    await Promise.all([first, second].map(({ sessionId }) => shop.payAt(sessionId, 'paystack')));
    for (const tenant of [a, b]) await expect.poll(() => planOf(tenant), SOON).toBe('pro');
    for (const tenant of [a, b]) {
      expect((await invoicesOf(tenant)).map(({ status }) => status)).toEqual(['paid']);
    }
    expectStatus(await a.user.get(`/billing/checkout/${second.sessionId}`), 404);
  });

  it('is asked for once, however often and however much at once', async () => {
    const acme = await newcomer('NGN');
    const opened = await Promise.all([1, 2, 3, 4].map(() => shop.checkOut(acme, { plan: 'pro' })));
    expect(new Set(opened.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(await invoicesOf(acme)).toHaveLength(1);
  });
});

describe('another choice', () => {
  it('takes the place of what waits to be paid', async () => {
    const acme = await newcomer('NGN');
    const pro = await shop.checkOut(acme, { plan: 'pro' });
    const growth = await shop.checkOut(acme, { plan: 'growth' });
    expect(growth.amount).toBe(7_500_000);
    expect(await checkoutOf(acme, pro.sessionId)).toMatchObject({ status: 'expired' });
    await shop.payAt(growth.sessionId, 'paystack');
    await expect.poll(() => planOf(acme), SOON).toBe('growth');
    expect((await invoicesOf(acme)).map(({ status }) => status)).toEqual(['paid', 'void']);
  });

  it('of what costs nothing leaves nothing to pay', async () => {
    const acme = await newcomer('NGN');
    const { sessionId } = await shop.checkOut(acme, { plan: 'pro' });
    expectStatus(await acme.user.post('/billing/subscription', { plan: 'starter' }), 200);
    expect(await checkoutOf(acme, sessionId)).toMatchObject({ status: 'expired' });
    expect((await invoicesOf(acme)).map(({ status }) => status)).toEqual(['void']);
  });

  it('of a dearer plan is charged to what is saved, and a smaller one or none follows what is paid for', async () => {
    const acme = await newcomer('NGN');
    const { sessionId } = await shop.checkOut(acme, { plan: 'growth' });
    await shop.payAt(sessionId, 'paystack');
    await expect.poll(() => membersOf(acme.tenantId), SOON).toBe('25');
    const dearer = expectStatus(await acme.user.post('/billing/subscription', { plan: 'pro' }), 200);
    expect(dearer.plan.code).toBe('pro');
    await expect.poll(() => membersOf(acme.tenantId), SOON).toBe('unlimited');
    await expect
      .poll(async () => (await invoicesOf(acme)).every(({ status }) => status === 'paid'), SOON)
      .toBe(true);

    const canceled = expectStatus(await acme.user.post('/billing/cancel'), 200);
    expect(canceled).toMatchObject({
      plan: { code: 'pro' },
      nextPlan: { code: 'starter', startsAt: dearer.currentPeriodEnd },
    });
    expect(await membersOf(acme.tenantId)).toBe('unlimited');
    expectStatus(await acme.user.post('/billing/subscription', { plan: 'pro' }), 200);
    expect(await subscription(acme)).toMatchObject({ plan: { code: 'pro' }, nextPlan: null });
    const smaller = expectStatus(await acme.user.post('/billing/subscription', { plan: 'growth' }), 200);
    expect(smaller).toMatchObject({ plan: { code: 'pro' }, nextPlan: { code: 'growth' } });
  });
});

describe('who pays for nothing now, and has a card saved', () => {
  it('has the next plan once that is charged, and not when it says no', async () => {
    const acme = await newcomer('NGN');
    const { sessionId } = await shop.checkOut(acme, { plan: 'growth' });
    await shop.payAt(sessionId, 'paystack');
    await expect.poll(() => planOf(acme), SOON).toBe('growth');
    await giveUpPlan(acme);
    expect(await planOf(acme)).toBe('starter');

    await shop.paystack.control.mode('charge-insufficient-funds');
    const refused = expectStatus(await acme.user.post('/billing/subscription', { plan: 'pro' }), 402);
    expect(refused.code).toBe('checkout_required');
    expect(await subscription(acme)).toMatchObject({
      plan: { code: 'starter' },
      unpaidPlan: { code: 'pro' },
    });
    const key = { 'idempotency-key': 'pro once' };
    const chosen = await Promise.all(
      [1, 2].map(() => acme.user.with(key).post('/billing/subscription', { plan: 'pro' })),
    );
    expect(chosen.some(({ status }) => status === 200)).toBe(true);
    await expect.poll(() => planOf(acme), SOON).toBe('pro');
    const ofPro = (await invoicesOf(acme)).filter(({ total }) => total === 30_000_000);
    expect(ofPro.map(({ status }) => status)).toEqual(['paid']);
    expect(captured(ofPro[0].id)).toHaveLength(1);
  });
});

describe('a checkout is refused', () => {
  it('for what needs none, or cannot be paid here', async () => {
    const acme = await newcomer('NGN');
    const refused = async (body: object, status: number) =>
      expectStatus(await acme.user.post('/billing/checkout', body), status);
    expect((await refused({ plan: 'starter' }, 409)).code).toBe('checkout_not_needed');
    expect((await refused({ plan: 'pro', currency: 'KES' }, 409)).code).toBe('payment_not_offered');
    expect((await refused({ plan: 'gold' }, 404)).errors[0].pointer).toBe('/plan');
    await refused({ plan: 'pro', successUrl: 'javascript:alert(1)' }, 400);
    expect((await subscription(acme)).unpaidPlan).toBeNull();
    // Without a saved card the first plan that costs anything takes a checkout.
    const chosen = expectStatus(await acme.user.post('/billing/subscription', { plan: 'pro' }), 402);
    expect(chosen.code).toBe('checkout_required');
    expect(await planOf(acme)).toBe('starter');
    expect(expectStatus(await acme.user.post('/billing/cancel'), 409).code).toBe('nothing_to_cancel');
    expect(expectStatus(await acme.user.post('/billing/portal'), 409).code).toBe('nothing_to_manage');
  });

  it('to whoever may not spend the tenant’s money', async () => {
    const acme = await newcomer('NGN');
    expectStatus(await acme.api.post('/billing/checkout', { plan: 'pro' }), 403);
  });
});

describe('the portal', () => {
  it('is Stripe’s for a card that it keeps, and the page of an open invoice without one', async () => {
    const acme = await newcomer('USD');
    const { sessionId } = await shop.checkOut(acme, { plan: 'growth' });
    const open = expectStatus(await acme.user.post('/billing/portal', {}), 200);
    expect(open).toMatchObject({ kind: 'invoice', url: expect.stringContaining('/pay/i') });
    await shop.payAt(sessionId, 'stripe');
    await expect.poll(() => planOf(acme), SOON).toBe('growth');
    const portal = expectStatus(
      await acme.user.post('/billing/portal', { returnUrl: 'https://app.example/billing' }),
      200,
    );
    expect(portal.kind).toBe('provider_portal');
    expect((await httpCall(portal.url)).text).toContain('1 saved cards');
    const log = expectStatus(await acme.user.get('/tenants/me/audit-log'), 200);
    const actions = log.data.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['billing.checkout_opened', 'billing.portal_opened']));
  });
});

describe('the platform’s books', () => {
  it('are sound after all of it, and nobody was charged twice', async () => {
    await shop.nova.settle();
    const { db } = shop.nova.app.get(CentralDatabase, { strict: false });
    const platform = await db.tenant.findFirstOrThrow({ where: { kind: 'platform' } });
    const deps = shop.nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
    const [result] = await verifyTenants(deps, { tenantId: platform.id, modes: ['live'] });
    expect(result?.verification?.findings).toEqual([]);
    shop.paystack.truth.assertSound();
    shop.stripe.truth.assertSound();
  });
});

describe('the operator', () => {
  it('keeps an account of the platform’s at the command line, once a provider', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'nova-till-'));
    const file = path.join(folder, 'flutterwave.json');
    await writeFile(
      file,
      JSON.stringify({ secretKey: 'FLWSECK-0123456789-X', webhookSecretHash: 'a-secret-hash-of-24-chars' }),
    );
    const add = (...options: string[]) =>
      runCommand(
        shop.nova,
        'platform',
        'payment-provider',
        'add',
        'flutterwave',
        '--credentials',
        file,
        '--json',
        ...options,
      );
    const made = await add('--currencies', 'GHS');
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(made.stdout)).toMatchObject({
      provider: 'flutterwave',
      currencies: ['GHS'],
      webhookUrl: expect.stringContaining('/api/webhooks/flutterwave/'),
    });
    const listed = expectStatus(await shop.operator.get('/payment-providers'), 200);
    expect(listed.data.map(({ provider }: { provider: string }) => provider)).toContain('flutterwave');
    expect((await add()).code).not.toBe(0);
    await rm(folder, { recursive: true });
  });
});
