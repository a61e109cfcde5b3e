// The same on other servers: its steps go by the due index, which the tenancy specs and payments.spec.ts use there.
import { dataSchemaOf } from '@nova/core/features/events/event-catalogue.js';
import type { ChargeOutcome } from '@nova/core/features/payments/providers/outcomes.js';
import type { PaymentProvider } from '@nova/core/features/payments/providers/payment-provider.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { type Debtor, DunningStory } from '../support/dunning-story.js';
import { startNova, type Nova } from '../support/nova.js';

type Body = ApiResponse['body'];

const sandbox = sandboxProviderAt('https://nova.example');
const UNKNOWN = { kind: 'unknown', message: 'timed out' } as const;
const DECLINED = {
  kind: 'declined',
  code: 'insufficient_funds',
  message: 'No.',
  retryable: true,
} satisfies ChargeOutcome;

let nova: Nova;
let dunning: DunningStory;
let policy: Body;
/** The clock of the story. */
let now = Date.parse('2031-03-01T09:00:00.000Z');

const moment = () => new Date(now).toISOString();
const provide = (provider: PaymentProvider) =>
  nova.app.get(PaymentProviders, { strict: false }).use(provider);

async function later(hours: number): Promise<void> {
  now += hours * 3_600_000;
  await dunning.story.advance(moment());
}

beforeAll(async () => {
  nova = await startNova();
  dunning = await DunningStory.at(nova, moment());
  policy = await dunning.policy({
    name: 'Two days',
    steps: [
      { offsetDays: 1, actions: [{ kind: 'charge' }, { kind: 'email', template: 'first_reminder' }] },
      { offsetDays: 2, actions: [{ kind: 'charge' }, { kind: 'email', template: 'final_notice' }] },
    ],
    finalAction: 'uncollectible',
    finalAfterDays: 10,
  });
});

afterEach(() => provide(sandbox));

afterAll(() => nova.stop());

/** Works in the tenant's test database, as a job does. */
function inDatabase<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const { tenantId } = dunning.story.tenant;
  const actor = { type: 'system', id: 'spec' } as const;
  const contexts = nova.app.get(TenantContexts, { strict: false });
  return contexts.run({ tenantId, mode: 'test', actor, requestId: null }, work);
}

/** Runs the job of dunning as the queue would. */
function runJob(): Promise<void> {
  const { tenantId } = dunning.story.tenant;
  const job = nova.app.get(JobHandlers, { strict: false }).of('dunning.run');
  return inDatabase((ctx) => job(ctx, { tenantId, mode: 'test' }));
}

/** Makes the next step due now, without telling the scheduler. */
function makeDue({ invoiceId }: Debtor): Promise<unknown> {
  return inDatabase((ctx) =>
    ctx.db.dunningRun.update({ where: { invoiceId }, data: { nextStepAt: ctx.clock.now() } }),
  );
}

const statuses = async ({ invoiceId }: Debtor) => {
  const { data } = await dunning.story.read(`/payments?invoice=${invoiceId}&sort=createdAt`);
  return data.map(({ status }: Body) => status);
};
const kinds = async (debtor: Debtor) => {
  const { entries } = await dunning.timeline(debtor);
  return entries.map(({ kind }: Body) => kind);
};
const letters = (debtor: Debtor) =>
  dunning.letters(debtor).filter((subject) => /did not go through|Final notice/.test(subject));

describe('a step of dunning', () => {
  it('is taken once, however often and by how many its job is run', async () => {
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds');
    await makeDue(debtor);
    await Promise.all([runJob(), runJob(), runJob(), runJob()]);
    await runJob();
    await dunning.story.settle();
    expect(await statuses(debtor)).toEqual(['failed', 'failed']);
    expect(await kinds(debtor)).toEqual(['started', 'payment_attempt', 'email']);
    expect(letters(debtor)).toHaveLength(1);
    const { status, upcoming } = await dunning.timeline(debtor);
    expect({ status, next: upcoming[0].step }).toEqual({ status: 'running', next: 2 });
    await dunning.story.act(`/invoices/${debtor.invoiceId}/void`);
  });

  it('makes no second charge while it is not known what became of the first, and goes on when it is', async () => {
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds');
    const asked: string[] = [];
    const away: PaymentProvider = {
      ...sandbox,
      chargeSaved: (_, { reference }) => {
        asked.push(reference);
        return Promise.resolve(UNKNOWN);
      },
      verify: () => Promise.resolve(UNKNOWN),
    };
    provide(away);
    await later(24);
    await later(48);
    expect(asked).toHaveLength(1);
    expect(await statuses(debtor)).toEqual(['failed', 'created']);
    expect(await kinds(debtor)).toEqual(['started', 'payment_attempt']);
    expect(letters(debtor)).toEqual([]);

    provide({ ...sandbox, verify: () => Promise.resolve(DECLINED) });
    await later(24);
    expect(await statuses(debtor)).toEqual(['failed', 'failed']);
    expect(await kinds(debtor)).toEqual(['started', 'payment_attempt', 'email']);
    // The second step's day is past: it waits for the day after the first, and is not made up for at once.
    provide(sandbox);
    await later(25);
    expect(await statuses(debtor)).toEqual(['failed', 'failed', 'failed']);
    expect((await kinds(debtor)).slice(3)).toEqual(['payment_attempt', 'email']);
    await dunning.story.act(`/invoices/${debtor.invoiceId}/void`);
  });

  it('ends when money that was not known of turns out to have come', async () => {
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds');
    provide({
      ...sandbox,
      chargeSaved: () => Promise.resolve(UNKNOWN),
      verify: (_, { amount, currency }) =>
        Promise.resolve({ kind: 'succeeded', providerPaymentId: `late-${now}`, amount, currency }),
    });
    await later(25);
    expect(await kinds(debtor)).toEqual(['started', 'payment_attempt', 'recovered']);
    expect(await dunning.invoice(debtor)).toMatchObject({ status: 'paid' });
    expect(letters(debtor)).toEqual([]);
  });

  it('whose process dies before the charge is gone on with, by the same attempt', async () => {
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds');
    provide({ ...sandbox, chargeSaved: () => Promise.reject(new Error('It died here.')) });
    await makeDue(debtor);
    await runJob();
    expect(await statuses(debtor)).toEqual(['failed', 'created']);
    provide(sandbox);
    await later(1);
    expect(await statuses(debtor)).toEqual(['failed', 'failed']);
    expect(await kinds(debtor)).toEqual(['started', 'payment_attempt', 'email']);
    await dunning.story.act(`/invoices/${debtor.invoiceId}/void`);
  });

  it('waits for a charge that somebody has begun, and counts it as its own', async () => {
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds');
    provide({
      ...sandbox,
      chargeSaved: () => Promise.resolve({ kind: 'pending', providerPaymentId: `slow-${now}` }),
      verify: () => Promise.resolve({ kind: 'pending', providerPaymentId: `slow-${now}` }),
    });
    const payment = await dunning.story.act(`/invoices/${debtor.invoiceId}/pay`);
    expect(payment.status).toBe('pending');
    await later(25);
    expect(await kinds(debtor)).toEqual(['started', 'payment_awaited']);
    provide({ ...sandbox, verify: () => Promise.resolve(DECLINED) });
    await later(2);
    expect(await statuses(debtor)).toEqual(['failed', 'failed']);
    expect(await kinds(debtor)).toEqual(['started', 'payment_awaited', 'payment_attempt', 'email']);
    await dunning.story.act(`/invoices/${debtor.invoiceId}/void`);
  });

  it('writes nothing to who has paid before the letter was sent, and gives up whom nobody pays', async () => {
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds');
    await later(24 * 11);
    expect(await dunning.invoice(debtor)).toMatchObject({ status: 'uncollectible' });
    expect(await dunning.timeline(debtor)).toMatchObject({ status: 'exhausted' });
    expect(letters(debtor)).toHaveLength(2);
    const { invoiceId } = debtor;
    const emailId = await inDatabase(async (ctx) => {
      const { id } = await ctx.db.emailMessage.findFirstOrThrow({
        where: { invoiceId, kind: 'payment_reminder' },
      });
      await ctx.db.emailMessage.update({ where: { id }, data: { status: 'queued' } });
      const { tenantId } = ctx;
      const send = nova.app.get(JobHandlers, { strict: false }).of('invoices.email');
      await send(ctx, { tenantId, mode: 'test', emailId: id });
      return id;
    });
    expect(letters(debtor)).toHaveLength(2);
    const email = await inDatabase((ctx) => ctx.db.emailMessage.findUnique({ where: { id: emailId } }));
    expect(email).toMatchObject({ status: 'canceled' });
  });
});

describe('what is overdue', () => {
  it('is told once, however often its job is run', async () => {
    const debtor = await dunning.subscribe(null);
    await later(24 * 4);
    const { tenantId } = dunning.story.tenant;
    const job = nova.app.get(JobHandlers, { strict: false }).of('invoices.mark_overdue');
    const run = () => inDatabase((ctx) => job(ctx, { tenantId, mode: 'test' }));
    await Promise.all([run(), run()]);
    expect(await dunning.events(debtor.invoiceId)).toEqual(['invoice.finalized', 'invoice.overdue']);
    await dunning.story.act(`/invoices/${debtor.invoiceId}/void`);
    expect(await dunning.timeline(debtor)).toMatchObject({ status: 'stopped' });
  });

  it('that is credited is dunned no more', async () => {
    const debtor = await dunning.subscribe(null);
    await later(24 * 4);
    await dunning.story.create('/credit-notes', { invoiceId: debtor.invoiceId, amount: 1_500_000 });
    expect((await dunning.timeline(debtor)).entries.at(-1)).toMatchObject({
      kind: 'stopped',
      note: 'What was due of the invoice was credited.',
    });
  });
});

describe('what dunning tells', () => {
  it('fits the catalogue of events', async () => {
    const { data } = await dunning.story.read('/events?limit=100');
    const told = new Set(data.map(({ type }: Body) => type));
    for (const type of ['invoice.overdue', 'dunning.exhausted', 'dunning.recovered', 'dunning.step_taken']) {
      expect(told).toContain(type);
    }
    for (const { type, data: said } of data) {
      const { error } = dataSchemaOf(type).safeParse(said);
      expect(error?.issues ?? [], `${type} ${JSON.stringify(said)}`).toEqual([]);
    }
  });
});

describe('dunning policies', () => {
  it('have one default, which a new one may take over', async () => {
    const next = await dunning.policy({ name: 'Next', isDefault: true });
    const before = await dunning.story.read(`/dunning-policies/${policy.id}`);
    expect(before).toMatchObject({ isDefault: false, version: 2 });
    const api = dunning.story.api;
    await api.patch(`/dunning-policies/${policy.id}`, { isDefault: true });
    expect(await dunning.story.read(`/dunning-policies/${next.id}`)).toMatchObject({ isDefault: false });
    expect(await dunning.events(policy.id)).toEqual([
      'dunning_policy.created',
      'dunning_policy.updated',
      'dunning_policy.updated',
    ]);
  });

  it('that are archived begin nothing, and are listed apart', async () => {
    const gone = await dunning.policy({ name: 'Gone' });
    const { api } = dunning.story;
    const customer = await dunning.story.customer({ dunningPolicyId: gone.id });
    expect((await api.delete(`/dunning-policies/${gone.id}`)).status).toBe(204);
    expect((await api.delete(`/dunning-policies/${gone.id}`)).status).toBe(204);
    const ids = async (query: string) =>
      (await dunning.story.read(`/dunning-policies${query}`)).data.map(({ id }: Body) => id);
    expect(await ids('')).not.toContain(gone.id);
    expect(await ids('?archived=true')).toEqual([gone.id]);
    expect((await api.patch(`/dunning-policies/${gone.id}`, { name: 'Back' })).body.code).toBe(
      'dunning_policy_archived',
    );
    const answer = await api.patch(`/customers/${customer.id}`, { dunningPolicyId: gone.id });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ pointer: '/dunningPolicyId', code: 'not_found' }]);
    const cleared = await api.patch(`/customers/${customer.id}`, { dunningPolicyId: null });
    expect(cleared.body.dunningPolicyId).toBeNull();
  });

  it('of a plan count where the customer has none', async () => {
    const own = await dunning.policy({ name: 'Of the plan' });
    const plan = await dunning.story.create('/plans', { name: 'Dunned', dunningPolicyId: own.id });
    expect(plan.dunningPolicyId).toBe(own.id);
    const price = { currency: 'NGN', model: 'flat', type: 'recurring', interval: 'month', unitAmount: '100' };
    await dunning.story.create(`/plans/${plan.id}/prices`, price);
    const customer = await dunning.story.customer({}, 'pm_sandbox_insufficient_funds');
    const made = await dunning.story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await dunning.story.settle();
    const [invoice] = await dunning.story.invoicesOf(made);
    expect(await dunning.story.read(`/invoices/${invoice.id}/dunning`)).toMatchObject({ policyId: own.id });
  });

  it('without steps and end leave their customers in peace', async () => {
    const peace = await dunning.policy({ name: 'Peace', steps: [] });
    const debtor = await dunning.subscribe('pm_sandbox_insufficient_funds', { dunningPolicyId: peace.id });
    const path = `/invoices/${debtor.invoiceId}/dunning`;
    expect((await dunning.story.api.get(path)).status).toBe(404);
    expect(await dunning.refused(`${path}/start`, {}, 409)).toBe('no_dunning_policy');
  });

  it.each([
    { what: 'steps out of order', steps: [step(5), step(2)], pointer: '/steps/1/offsetDays' },
    { what: 'a charge at once', steps: [step(0)], pointer: '/steps/0/actions' },
    { what: 'an end before the last step', steps: [step(5)], finalAfterDays: 5, pointer: '/finalAfterDays' },
    { what: 'more than a year', steps: [step(365)], pointer: '/steps/0/offsetDays' },
  ])('do not have $what', async ({ what, pointer, ...input }) => {
    const answer = await dunning.story.api.post('/dunning-policies', { name: what, ...input });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });
});

function step(offsetDays: number) {
  return { offsetDays, actions: [{ kind: 'charge' }] };
}
