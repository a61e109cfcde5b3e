// The same on other servers: it goes by the same jobs and statements as payments and subscriptions, which are tried there.
import { randomBytes } from 'node:crypto';

import { loadConfig } from '@nova/core/platform/config/load-config.js';
import {
  deleteFeatureOverride,
  setFeatureOverride,
} from '@nova/core/features/entitlements/feature-overrides.js';
import { replacePlanFeatures } from '@nova/core/features/feature-catalog/plan-features.js';
import { IDENTITY, type IdentityDeps } from '@nova/core/features/auth/identity-deps.js';
import { makeOperator } from '@nova/core/features/platform-billing/make-operator.js';
import { EnrolmentQueue } from '@nova/core/features/platform-billing/enrolment-queue.js';
import { enrolMissing } from '@nova/core/features/platform-billing/enrol-missing.js';
import { PlatformBillingJobs } from '@nova/core/features/platform-billing/platform-billing.jobs.js';
import { createInvoice } from '@nova/core/features/invoices/create-invoice.js';
import { CreateInvoiceSchema } from '@nova/core/features/invoices/invoices.schemas.js';
import { createPrice } from '@nova/core/features/plans/create-price.js';
import { CreatePriceSchema } from '@nova/core/features/plans/prices.schemas.js';
import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
import { archiveTenant } from '@nova/core/features/tenant-life/archive-tenant.js';
import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { resumeTenant, suspendTenant } from '@nova/core/features/tenant-life/suspend-tenant.js';
import { updatePlan } from '@nova/core/features/plans/update-plan.js';
import { BY_ITSELF, PlatformTenant } from '@nova/core/features/platform-billing/platform-tenant.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import type { Type } from '@nestjs/common';
import { createApi } from '@nova/api/create-api.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Api, expectStatus } from '../support/api.js';
import { startNova, testEnvironment, type Nova, type TestTenant } from '../support/nova.js';
import { invitationToken } from '../support/team.js';

let nova: Nova;
let central: CentralDatabase;
let platform: PlatformTenant;
let acme: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  nova = await startNova({ env: { PLATFORM_BILLING: 'on', RATE_LIMIT_WRITE: '500/3600' } });
  central = nova.app.get(CentralDatabase, { strict: false });
  platform = nova.app.get(PlatformTenant, { strict: false });
  acme = await nova.tenant({ currency: 'NGN' });
  other = await nova.tenant({ currency: 'ZAR' });
});

afterAll(() => nova.stop());

const entitlementsOf = async (tenantId: string) => {
  const rows = await central.db.tenantEntitlement.findMany({ where: { tenantId } });
  return Object.fromEntries(rows.map(({ feature, amount }) => [feature, amount?.toFixed() ?? null]));
};
const inBooks = <T>(work: (books: TenantContext) => Promise<T>) => platform.inBooks(BY_ITSELF, work);
const choose = (tenant: TestTenant, body: object) => tenant.user.post('/billing/subscription', body);
const subscription = async (tenant: TestTenant) =>
  expectStatus(await tenant.user.get('/billing/subscription'), 200);
const usageOf = async (tenant: TestTenant, code: string) =>
  expectStatus(await tenant.user.get('/billing/usage'), 200).features.find(
    ({ feature }: { feature: string }) => feature === code,
  );
const invite = (tenant: TestTenant, name: string) =>
  tenant.user.post('/tenants/me/members', { email: `${name}@team.example`, role: 'viewer' });
const quota = async (tenant: TestTenant) =>
  /q=(\d+)/.exec((await tenant.api.post('/customers', {})).headers.get('ratelimit-policy') ?? '')?.[1];

describe('whoever registers', () => {
  it('is a customer of the platform with the plan Starter, in his own currency where there is a price', async () => {
    await expect.poll(() => entitlementsOf(acme.tenantId)).toMatchObject({ members: '5', api_rate: '1' });
    expect(await subscription(acme)).toMatchObject({
      plan: { code: 'starter' },
      status: 'active',
      currency: 'NGN',
      nextPlan: null,
    });
    expect(await subscription(other)).toMatchObject({ plan: { code: 'starter' }, currency: 'USD' });
    expect(nova.mail.list()).toEqual([]);
  });

  it('is enrolled when his registration was cut off, once, however often it is asked for', async () => {
    const late = await nova.tenant();
    await expect.poll(async () => (await entitlementsOf(late.tenantId))['members']).toBe('5');
    await central.db.tenantEntitlement.deleteMany({ where: { tenantId: late.tenantId } });
    const queue = nova.app.get(EnrolmentQueue, { strict: false });
    await Promise.all([1, 2, 3].map(() => inBooks((books) => enrolMissing(books, central, queue))));
    await expect.poll(async () => (await entitlementsOf(late.tenantId))['members']).toBe('5');
    await nova.settle();
    const books = await platform.inBooks(BY_ITSELF, async ({ db }) => ({
      customers: await db.customer.count({ where: { externalId: late.tenantId } }),
      subscriptions: await db.subscription.count({ where: { customer: { externalId: late.tenantId } } }),
    }));
    expect(books).toEqual({ customers: 1, subscriptions: 1 });
  });

  it('has no plan any more once he is put away, and is asked for no more', async () => {
    const gone = await nova.tenant();
    await expect.poll(async () => (await entitlementsOf(gone.tenantId))['members']).toBe('5');
    const put = (status: string) =>
      central.db.tenant.update({ where: { id: gone.tenantId }, data: { status } });
    const asked: string[] = [];
    const note = { add: (id: string) => Promise.resolve(void asked.push(id)) };
    await put('archived');
    await inBooks((books) => enrolMissing(books, central, note));
    expect(asked).toEqual([gone.tenantId]);
    await nova.app.get(PlatformBillingJobs, { strict: false }).round();
    await expect.poll(() => entitlementsOf(gone.tenantId)).toEqual({});
    const where = { customer: { externalId: gone.tenantId } };
    const plans = await inBooks(({ db }) => db.subscription.findMany({ where }));
    expect(plans.map(({ status }) => status)).toEqual(['canceled']);
    for (const status of ['archived', 'active']) {
      await put(status);
      await inBooks((books) => enrolMissing(books, central, note));
    }
    expect(asked).toEqual([gone.tenantId]);
    expect(await subscription(gone)).toMatchObject({ plan: null });
  });

  it('sees what the plans cost and grant', async () => {
    const price = { type: 'one_time', model: 'flat', currency: 'NGN', unitAmount: '500000' };
    await inBooks((books) => createPrice(books, 'pro', CreatePriceSchema.parse(price)));
    const { data } = expectStatus(await acme.user.get('/billing/plans'), 200);
    expect(data.map((plan: { code: string; isCurrent: boolean }) => [plan.code, plan.isCurrent])).toEqual([
      ['starter', true],
      ['growth', false],
      ['pro', false],
    ]);
    expect(data[1].prices).toContainEqual(
      expect.objectContaining({ currency: 'NGN', unitAmount: '7500000' }),
    );
    expect(data[2].prices).toContainEqual({
      ...price,
      model: undefined,
      interval: null,
      intervalCount: null,
    });
    expect(data[2].features).toContainEqual(expect.objectContaining({ feature: 'members', amount: null }));
  });
});

describe('a plan', () => {
  it('limits members and invitations, until a larger one is chosen', async () => {
    for (const name of ['ada', 'bola', 'chidi', 'dayo']) expectStatus(await invite(acme, name), 201);
    // The same address again replaces the invitation: nobody more.
    expectStatus(await invite(acme, 'dayo'), 201);
    const refused = expectStatus(await invite(acme, 'efe'), 402);
    expect(refused).toMatchObject({
      code: 'plan_limit_reached',
      detail: expect.stringContaining('5 people'),
    });
    expect(await usageOf(acme, 'invites_per_month')).toMatchObject({
      limit: '20',
      used: '5',
      remaining: '15',
    });

    const chosen = expectStatus(await choose(acme, { plan: 'growth' }), 200);
    expect(chosen).toMatchObject({ plan: { code: 'growth' }, status: 'active', currency: 'NGN' });
    await expect.poll(async () => (await invite(acme, 'efe')).status).toBe(201);
    const log = expectStatus(await acme.user.get('/tenants/me/audit-log'), 200);
    expect(log.data.map(({ action }: { action: string }) => action)).toContain('billing.plan_chosen');
  });

  it('bills what the operator has issued, and shows no draft of his', async () => {
    const draft = await platform.inBooks(BY_ITSELF, (books) =>
      createInvoice(
        books,
        CreateInvoiceSchema.parse({
          customerId: other.tenantId,
          currency: 'USD',
          lines: [{ description: 'Onboarding, to be agreed', quantity: '1', unitAmount: '50000' }],
        }),
      ),
    );
    expect(expectStatus(await other.user.get('/billing/invoices'), 200).data).toEqual([]);
    expectStatus(await other.user.get('/billing/invoices?status=draft'), 200);
    expectStatus(await other.user.get(`/billing/invoices/${draft.id}/pdf`), 404);
  });

  it('sends its invoice, which the tenant reads and nobody else', async () => {
    const { data } = expectStatus(await acme.user.get('/billing/invoices'), 200);
    const paid = data.filter(({ total }: { total: number }) => total > 0);
    expect(paid).toMatchObject([{ status: 'open', total: 7_500_000, currency: 'NGN' }]);
    const pdf = await acme.user.get(`/billing/invoices/${paid[0].id}/pdf`);
    expect([pdf.status, pdf.bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    for (const reference of [paid[0].id, paid[0].number]) {
      expectStatus(await other.user.get(`/billing/invoices/${reference}/pdf`), 404);
    }
    const foreign = expectStatus(await other.user.get('/billing/invoices'), 200);
    expect(JSON.stringify(foreign)).not.toContain(paid[0].id);
    await expect
      .poll(() => nova.mail.list().some(({ recipients }) => recipients.includes(acme.email)))
      .toBe(true);
  });

  it('decides how many requests are answered, within seconds and in every process', async () => {
    expect(await quota(other)).toBe('500');
    const second = await createApi(nova.config);
    await second.listen(0, '127.0.0.1');
    const there = { ...other, api: new Api(await second.getUrl(), other.testKey) };
    expect(await quota(there)).toBe('500');
    expectStatus(await choose(other, { plan: 'pro' }), 200);
    await expect.poll(() => quota(other)).toBe('5000');
    await expect.poll(() => quota(there)).toBe('5000');
    await second.close();
    const { rateLimits } = expectStatus(await other.user.get('/billing/usage'), 200);
    expect(rateLimits).toContainEqual({ policy: 'write', quota: 5_000, windowSeconds: 3_600 });
  });

  it('that is cheaper follows when the time that is paid for is over, and can be taken back', async () => {
    const before = await subscription(other);
    const waiting = expectStatus(await choose(other, { plan: 'growth' }), 200);
    expect(waiting).toMatchObject({
      plan: { code: 'pro' },
      nextPlan: { code: 'growth', startsAt: before.currentPeriodEnd },
    });
    expect(expectStatus(await choose(other, { plan: 'starter' }), 200).nextPlan.code).toBe('starter');
    expect(expectStatus(await choose(other, { plan: 'pro' }), 200)).toMatchObject({
      plan: { code: 'pro' },
      nextPlan: null,
    });
    expect(await entitlementsOf(other.tenantId)).toMatchObject({ members: null });
  });

  it('is what is chosen, where Starter is offered no more', async () => {
    const offer = (active: boolean) =>
      platform.inBooks(BY_ITSELF, (books) => updatePlan(books, 'starter', { active }, null));
    await offer(false);
    try {
      const late = await nova.tenant({ currency: 'KES' });
      expect(await subscription(late)).toMatchObject({ plan: null, status: null });
      expect(expectStatus(await late.user.get('/billing/plans'), 200).data).toHaveLength(2);
      expect(await usageOf(late, 'members')).toMatchObject({ limit: '5' });
      const chosen = expectStatus(await choose(late, { plan: 'growth' }), 200);
      expect(chosen).toMatchObject({ plan: { code: 'growth' }, currency: 'KES' });
    } finally {
      await offer(true);
    }
  });

  it('has to be one of those that are offered, in a currency that it is sold in', async () => {
    expect(expectStatus(await choose(acme, { plan: 'gold' }), 404).errors[0].pointer).toBe('/plan');
    const refused = expectStatus(await choose(acme, { plan: 'pro', currency: 'ZAR' }), 400);
    expect(refused.errors[0].pointer).toBe('/currency');
    expect(await subscription(acme)).toMatchObject({ plan: { code: 'growth' }, nextPlan: null });
  });

  it('is changed for one tenant by an override, and for all of a plan by the plan', async () => {
    const members = async () => (await entitlementsOf(acme.tenantId))['members'];
    const path = { customer: acme.tenantId, feature: 'members' };
    await platform.inBooks(BY_ITSELF, (books) =>
      setFeatureOverride(books, path, { enabled: true, amount: '77' }),
    );
    await expect.poll(members).toBe('77');
    await platform.inBooks(BY_ITSELF, (books) => deleteFeatureOverride(books, path));
    await expect.poll(members).toBe('25');
    await platform.inBooks(BY_ITSELF, (books) => {
      const features = [{ feature: 'members', enabled: true, amount: '30' }];
      return replacePlanFeatures(books, 'growth', { features }, null);
    });
    await expect.poll(members).toBe('30');
  });
});

describe('the platform’s own tenant', () => {
  it('is one, however many processes start at once, and keeps what the operator has changed', async () => {
    const plans = () =>
      platform.inBooks(BY_ITSELF, ({ db }) =>
        db.plan.findMany({ orderBy: { id: 'asc' }, include: { features: true, prices: true } }),
      );
    await platform.inBooks(BY_ITSELF, (ctx) =>
      ctx.transaction((tx) =>
        tx.db.plan.update({ where: { externalId: 'pro' }, data: { name: 'Enterprise' } }),
      ),
    );
    const before = await plans();
    await Promise.all([1, 2, 3].map(() => nova.app.get(PlatformBillingJobs, { strict: false }).round()));
    expect(await plans()).toEqual(before);
    expect(await central.db.tenant.count({ where: { kind: 'platform' } })).toBe(1);
  });

  it('is neither suspended nor put away', async () => {
    const { id } = await central.db.tenant.findFirstOrThrow({ where: { kind: 'platform' } });
    const deps = nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
    const caller = operatorCaller(id);
    const reason = 'By mistake';
    for (const act of [suspendTenant, archiveTenant]) {
      await expect(act(deps, caller, { reason })).rejects.toMatchObject({
        definition: { code: 'tenant_status_conflict' },
      });
    }
    expect(await resumeTenant(deps, caller)).toMatchObject({ status: 'active', changed: false });
  });

  it('is made by several processes that start at once on nothing', async () => {
    const fresh = await startNova({ env: { PLATFORM_BILLING: 'on' }, processors: 'none' });
    const environment = testEnvironment(fresh.databases, fresh.mail.smtpUrl);
    const { jwtSecret, encryptionKey } = fresh.config;
    const config = loadConfig({
      ...environment,
      PLATFORM_BILLING: 'on',
      JWT_SECRET: jwtSecret,
      ENCRYPTION_KEY: encryptionKey.toString('hex'),
    });
    const apps = await Promise.all([createApi(config), createApi(config), createApi(config)]);
    await Promise.all(apps.map((app) => app.get(PlatformBillingJobs, { strict: false }).round()));
    const db = fresh.app.get(CentralDatabase, { strict: false }).db;
    const [made] = await db.tenant.findMany({ where: { kind: 'platform' }, include: { databases: true } });
    expect(made?.databases.map(({ mode, status }) => [mode, status])).toEqual([['live', 'active']]);
    const books = fresh.app.get(PlatformTenant, { strict: false });
    expect(await books.inBooks(BY_ITSELF, (ctx) => ctx.db.plan.count())).toBe(3);
    expect(await books.inBooks(BY_ITSELF, (ctx) => ctx.db.planFeature.count())).toBe(15);
    await Promise.all(apps.map((app) => app.close()));
    await fresh.stop();
  });

  it('has a login for the operator, who sees the tenants as customers and is billed by nobody', async () => {
    const get = <T>(token: Type<T>) => nova.app.get(token, { strict: false });
    const deps = {
      central,
      platform,
      provisioner: get(TenantProvisioner),
      directory: get(TenantDirectory),
    };
    const identity = nova.app.get<IdentityDeps>(IDENTITY, { strict: false });
    const login = { email: 'operator@nova.example', name: 'Operator', password: 'correct horse operator' };
    const [made, again] = [
      await makeOperator(deps, identity, login),
      await makeOperator(deps, identity, { ...login, password: 'something else' }),
    ];
    expect([made.account, again.account, again.userId]).toEqual(['made', 'known', made.userId]);
    const { email, password } = login;
    const session = expectStatus(await nova.anonymous.post('/auth/login', { email, password }), 200);
    const operator = nova.as(session.accessToken);
    const customer = await operator.with({ 'Nova-Mode': 'live' }).get(`/customers/${acme.tenantId}`);
    expect(expectStatus(customer, 200).externalId).toBe(acme.tenantId);
    expect(expectStatus(await operator.get('/customers'), 200).data).toEqual([]);
    expect(expectStatus(await operator.get('/billing/subscription'), 409).code).toBe('own_platform');
  });

  it('refuses a member whom a smaller plan has no room for any more', async () => {
    const small = await nova.tenant();
    const email = `late-${randomBytes(3).toString('hex')}@team.example`;
    expectStatus(await small.user.post('/tenants/me/members', { email, role: 'viewer' }), 201);
    const token = await invitationToken(nova, email);
    await expect.poll(async () => (await entitlementsOf(small.tenantId))['members']).toBe('5');
    const path = { customer: small.tenantId, feature: 'members' };
    await platform.inBooks(BY_ITSELF, (books) =>
      setFeatureOverride(books, path, { enabled: true, amount: '1' }),
    );
    await expect.poll(async () => (await entitlementsOf(small.tenantId))['members']).toBe('1');
    const join = () =>
      nova.anonymous.post('/auth/invitations/accept', {
        token,
        name: 'Late',
        password: 'correct horse late',
      });
    await expect.poll(async () => (await join()).status).toBe(402);
  });
});
