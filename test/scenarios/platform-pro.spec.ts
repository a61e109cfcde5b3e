import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ApiResponse, expectStatus } from '../support/api.js';
import type { TestTenant } from '../support/nova.js';
import { Payer } from '../support/payer.js';
import { PlatformShop } from '../support/platform-shop.js';

type Body = ApiResponse['body'];

const SOON = { timeout: 30_000 };
const A_MINUTE_MS = 60_000;

let shop: PlatformShop;
let acme: TestTenant;

beforeAll(async () => {
  shop = await PlatformShop.start();
  acme = await shop.nova.tenant({ currency: 'NGN' });
});

afterAll(() => shop.stop());

const read = async (path: string): Promise<Body> => expectStatus(await acme.user.get(path), 200);
const invoices = async (): Promise<Body[]> => (await read('/billing/invoices?sort=createdAt')).data;
const planOf = async () => (await read('/billing/subscription')).plan?.code;
const seats = async () => {
  const { db } = shop.nova.app.get(CentralDatabase, { strict: false });
  const row = await db.tenantEntitlement.findFirst({
    where: { tenantId: acme.tenantId, feature: 'members' },
  });
  return row ? (row.amount?.toFixed() ?? 'unlimited') : null;
};
const invite = (name: string) =>
  acme.user.post('/tenants/me/members', { email: `${name}@team.example`, role: 'viewer' });

/** The platform bills what is due a minute after a moment. */
const billAt = (moment: string) =>
  shop.inBooks((books) => {
    const at = new Date(new Date(moment).getTime() + A_MINUTE_MS);
    return runBilling({ ...books, clock: stoppedClock(at) });
  });

describe('a company that grows', () => {
  it('starts with what is free, until it has more people than that', async () => {
    await expect.poll(seats, SOON).toBe('5');
    for (const name of ['ada', 'bola', 'chidi', 'dayo']) expectStatus(await invite(name), 201);
    expect(expectStatus(await invite('efe'), 402).code).toBe('plan_limit_reached');
    expect(expectStatus(await acme.user.post('/billing/subscription', { plan: 'pro' }), 402).code).toBe(
      'checkout_required',
    );
  });

  it('buys Pro on the platform’s page, and has it within seconds of the money', async () => {
    const { sessionId, url } = await shop.checkOut(acme, { plan: 'pro' });
    const payer = new Payer();
    const page = await payer.open(shop.reachable(url));
    expect(page.text).toContain('300,000.00');
    expect(await seats()).toBe('5');
    const checkout = await payer.send(shop.reachable(url), { provider: 'paystack', save: 'yes' });
    expect(checkout.url).toContain(shop.paystack.url);
    await shop.click(checkout.url, 'pay');
    await expect.poll(seats, SOON).toBe('unlimited');
    expect(await planOf()).toBe('pro');
    expect(await read(`/billing/checkout/${sessionId}`)).toMatchObject({ status: 'complete' });
    expectStatus(await invite('efe'), 201);
    expect((await payer.open(shop.reachable(url))).text).toMatch(/paid/i);
  });

  it('is charged for the next month by itself, and told of a card that says no', async () => {
    const { currentPeriodEnd } = await read('/billing/subscription');
    await billAt(currentPeriodEnd);
    await expect
      .poll(async () => (await invoices()).map(({ status }) => status), SOON)
      .toEqual(['paid', 'paid']);
    const [first, second] = await invoices();
    expect(second?.total).toBe(first?.total);
    expect(shop.paystack.truth.violations()).toEqual([]);

    await shop.paystack.control.mode('charge-insufficient-funds');
    await billAt((await read('/billing/subscription')).currentPeriodEnd);
    await expect
      .poll(async () => {
        const [payment] = await shop.inBooks(({ db }) =>
          db.payment.findMany({ where: { status: 'failed' }, orderBy: { id: 'desc' }, take: 1 }),
        );
        return payment?.failureCode ?? null;
      }, SOON)
      .not.toBeNull();
    const open = (await invoices()).at(-1);
    expect(open?.status).toBe('open');
    // What was paid for stays granted while the invoice is being asked for.
    expect(await seats()).toBe('unlimited');
    const portal = expectStatus(await acme.user.post('/billing/portal', {}), 200);
    expect(portal.kind).toBe('invoice');
    const payer = new Payer();
    const checkout = await payer.send(shop.reachable(portal.url), { provider: 'paystack', save: 'yes' });
    await shop.click(checkout.url, 'pay');
    await expect.poll(async () => (await invoices()).at(-1)?.status, SOON).toBe('paid');
  });

  it('goes back to what is free when it has paid for nothing more', async () => {
    const canceled = expectStatus(await acme.user.post('/billing/cancel', { reason: 'Too large.' }), 200);
    expect(canceled).toMatchObject({ plan: { code: 'pro' }, nextPlan: { code: 'starter' } });
    expect(await seats()).toBe('unlimited');
    await billAt(canceled.currentPeriodEnd);
    // What it grants is granted from then on, which the real clock has not come to.
    await expect.poll(planOf, SOON).toBe('starter');
    expect((await invoices()).every(({ status }) => status === 'paid')).toBe(true);
  });

  it('leaves the platform’s books sound, and nothing charged twice', async () => {
    await shop.nova.settle();
    const { db } = shop.nova.app.get(CentralDatabase, { strict: false });
    const platform = await db.tenant.findFirstOrThrow({ where: { kind: 'platform' } });
    const deps = shop.nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
    const [result] = await verifyTenants(deps, { tenantId: platform.id, modes: ['live'] });
    expect(result?.verification?.findings).toEqual([]);
    shop.paystack.truth.assertSound();
  });
});
