import { CompleteResets } from '@nova/core/features/test-mode/complete-resets.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { BillingStory } from '../support/billing-story.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;

const YEAR = new Date().getUTCFullYear() + 1;
const at = (rest: string) => `${YEAR}-${rest}.000Z`;

beforeAll(async () => {
  nova = await startNova();
});

afterAll(() => nova.stop());

const refusal = (response: ApiResponse) => ({ status: response.status, code: response.body.code });

function inDatabase<T>(of: TestTenant, work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  return contexts.run({ tenantId: of.tenantId, mode: 'test', actor, requestId: null }, work);
}

async function liveApi(tenant: TestTenant) {
  const key = expectStatus(
    await tenant.user.post('/tenants/me/api-keys', { name: 'live', mode: 'live' }),
    201,
  );
  return nova.as(key.key);
}

describe('the test clock', () => {
  it('goes with real time until it is moved, and then stands still', async () => {
    const { api } = await nova.tenant();
    const fresh = expectStatus(await api.get('/test-clock'), 200);
    expect(fresh).toMatchObject({ object: 'test_clock', frozen: false, advancingTo: null });
    expect(Math.abs(Date.parse(fresh.now) - Date.now())).toBeLessThan(10_000);

    const moved = expectStatus(await api.post('/test-clock/advance', { to: at('05-01T00:00:00') }), 200);
    expect(moved).toEqual({
      object: 'test_clock',
      now: at('05-01T00:00:00'),
      frozen: true,
      advancingTo: null,
    });
    const customer = expectStatus(await api.post('/customers', { name: 'Later' }), 201);
    expect(customer.createdAt).toBe(at('05-01T00:00:00'));
    expect(expectStatus(await api.get('/test-clock'), 200)).toEqual(moved);
  });

  it('goes by days as well, and wants to be told in one way', async () => {
    const { api } = await nova.tenant();
    const first = expectStatus(await api.post('/test-clock/advance', { days: 31 }), 200);
    const second = expectStatus(await api.post('/test-clock/advance', { days: 1 }), 200);
    expect(Date.parse(second.now) - Date.parse(first.now)).toBe(86_400_000);
    for (const body of [{}, { days: 1, to: at('05-01T00:00:00') }, { days: 0 }, { days: 1.5 }]) {
      expect(refusal(await api.post('/test-clock/advance', body))).toEqual({
        status: 400,
        code: 'invalid_request',
      });
    }
  });

  it('never goes back, and not too far at once', async () => {
    const { api } = await nova.tenant();
    const past = await api.post('/test-clock/advance', { to: '2020-01-01T00:00:00Z' });
    expect(refusal(past)).toEqual({ status: 409, code: 'clock_cannot_go_back' });
    expect(expectStatus(await api.get('/test-clock'), 200).frozen).toBe(false);
    expectStatus(await api.post('/test-clock/advance', { to: at('05-01T00:00:00') }), 200);
    const same = await api.post('/test-clock/advance', { to: at('05-01T00:00:00') });
    expect(refusal(same)).toEqual({ status: 409, code: 'clock_cannot_go_back' });
    const far = await api.post('/test-clock/advance', { to: `${YEAR + 20}-01-01T00:00:00Z` });
    expect(far).toMatchObject({ status: 400, body: { errors: [{ pointer: '/to' }] } });
    const odd = await api.post('/test-clock/advance', { to: 'tomorrow' });
    expect(odd.status).toBe(400);
    expect(odd.body.errors[0]).toMatchObject({ pointer: '/to' });
  });

  it('is for test mode only', async () => {
    const tenant = await nova.tenant();
    const live = await liveApi(tenant);
    const expected = { status: 403, code: 'live_mode' };
    expect(refusal(await live.get('/test-clock'))).toEqual(expected);
    expect(refusal(await live.post('/test-clock/advance', { to: at('05-01T00:00:00') }))).toEqual(expected);
    expect(refusal(await live.delete('/test-data'))).toEqual(expected);
  });
});

describe('an advance', () => {
  it('does what is due in order, across subscriptions', async () => {
    const story = await BillingStory.at(nova, at('03-01T09:00:00'), { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const monthly = await story.plan('Monthly', { unitAmount: '100' });
    const weekly = await story.plan('Weekly', { unitAmount: '10', interval: 'week' });
    for (const { id } of [monthly, weekly]) {
      await story.create('/subscriptions', { customerId: customer.id, planId: id });
    }
    await story.advance(at('04-10T00:00:00'));
    const { data } = await story.read('/invoices?limit=100&sort=createdAt');
    const numbers: string[] = data.map((invoice: { number: string }) => invoice.number);
    expect(numbers).toEqual(numbers.toSorted((x, y) => x.localeCompare(y)));
    expect(
      data
        .slice(2)
        .map((invoice: { issuedAt: string; total: number }) => [
          invoice.issuedAt.slice(5, 10),
          invoice.total,
        ]),
    ).toEqual([
      ['03-08', 10],
      ['03-15', 10],
      ['03-22', 10],
      ['03-29', 10],
      ['04-01', 100],
      ['04-05', 10],
    ]);
    expect(
      data.every((invoice: { paidAt: string; issuedAt: string }) => invoice.paidAt === invoice.issuedAt),
    ).toBe(true);
  });

  it('is refused while another one is under way', async () => {
    const story = await BillingStory.at(nova, at('03-01T09:00:00'), { timeZone: 'UTC' });
    const customer = await story.customer();
    const daily = await story.plan('Daily', { unitAmount: '100', interval: 'day' });
    await story.create('/subscriptions', { customerId: customer.id, planId: daily.id });
    await story.settle();
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => story.api.post('/test-clock/advance', { to: at('03-20T00:00:00') })),
    );
    // One that takes a busy machine long is on its way when it is answered, and a job takes it there.
    const isTaken = ({ status }: { status: number }) => status === 200 || status === 202;
    expect(answers.filter(isTaken)).toHaveLength(1);
    for (const answer of answers.filter((other) => !isTaken(other))) {
      expect(['clock_is_advancing', 'clock_cannot_go_back']).toContain(answer.body.code);
    }
    // It stands at the moment already while what is due then is done.
    await expect
      .poll(() => story.read('/test-clock'))
      .toMatchObject({ now: new Date(at('03-20T00:00:00')).toISOString(), advancingTo: null });
    expect((await story.read('/invoices?limit=100')).data).toHaveLength(20);
  });

  it('whose process died is taken over once its lease has run out', async () => {
    const story = await BillingStory.at(nova, at('03-01T09:00:00'), { timeZone: 'UTC' });
    const customer = await story.customer();
    const plan = await story.plan('Monthly', { unitAmount: '100' });
    await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.settle();
    const leaseFor = (seconds: number) =>
      inDatabase(story.tenant, (ctx) =>
        ctx.transaction((tx) =>
          tx.db.testClock.update({
            where: { id: 1 },
            data: {
              advancingTo: new Date(at('08-01T00:00:00')),
              leaseUntil: new Date(Date.now() + seconds * 1_000),
              leaseOwner: 'a process that died',
            },
          }),
        ),
      );
    await leaseFor(60);
    expect(await story.read('/test-clock')).toMatchObject({ advancingTo: at('08-01T00:00:00') });
    const refused = await story.api.post('/test-clock/advance', { to: at('06-15T00:00:00') });
    expect(refusal(refused)).toEqual({ status: 409, code: 'clock_is_advancing' });
    await leaseFor(-1);
    expectStatus(await story.api.post('/test-clock/advance', { to: at('06-15T00:00:00') }), 200);
    expect((await story.read('/invoices')).data).toHaveLength(4);
  });
});

describe('fresh test data', () => {
  it('empties the test database, lets its clock go again and leaves live mode alone', async () => {
    const story = await BillingStory.at(nova, at('05-01T00:00:00'));
    const live = await liveApi(story.tenant);
    expectStatus(await live.post('/customers', { name: 'Live customer' }), 201);
    await story.customer();

    expect((await story.api.delete('/test-data')).status).toBe(204);

    expect((await story.read('/customers')).data).toEqual([]);
    expect(await story.read('/test-clock')).toMatchObject({ frozen: false });
    expect(expectStatus(await live.get('/customers'), 200).data).toHaveLength(1);
    await story.customer();
    expect((await story.read('/customers')).data).toHaveLength(1);
  });

  it('is not moved by what was left of an advance of the old', async () => {
    const story = await BillingStory.at(nova, at('05-01T00:00:00'));
    const { databaseId } = await inDatabase(story.tenant, async (ctx) => ctx);
    expect((await story.api.delete('/test-data')).status).toBe(204);
    const { tenantId } = story.tenant;
    const left = { tenantId, mode: 'test', databaseId, to: at('08-01T00:00:00') } as const;
    await inDatabase(story.tenant, (ctx) =>
      nova.app.get(JobHandlers, { strict: false }).of('test_clock.advance')(ctx, left),
    );
    expect(await story.read('/test-clock')).toMatchObject({ frozen: false, advancingTo: null });
  });

  it('is completed by the next process, when one died between taking the old database away and making the new', async () => {
    const story = await BillingStory.at(nova, at('05-01T00:00:00'));
    const { databaseId } = await inDatabase(story.tenant, async (ctx) => ctx);
    await nova.app.get(TenantProvisioner, { strict: false }).retire(databaseId);
    expect((await story.api.get('/customers')).status).toBe(503);

    const completed = await nova.app.get(CompleteResets, { strict: false }).completeResets();
    expect(completed).toEqual([story.tenant.tenantId]);
    expect((await story.read('/customers')).data).toEqual([]);
  });
});
