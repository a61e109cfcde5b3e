import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';
import { actAsPreviewed, netOf, outcomeOf } from '../support/subscription-acts.js';

type Body = ApiResponse['body'];

let nova: Nova;
let story: BillingStory;
let customer: Body;
let plan: Body;
let metered: Body;

const { year } = nextJanuary31();
const day = (date: string) => `${year}-${date}T09:00:00.000Z`;
const midnight = (date: string) => `${year}-${date}T00:00:00.000Z`;

beforeAll(async () => {
  nova = await startNova();
  story = await BillingStory.at(nova, day('04-01'), { timeZone: 'UTC' });
  customer = await story.customer();
  // 1,000 a day in April.
  plan = await story.plan('Basic', { unitAmount: '30000' });
  const meter = await story.create('/meters', { name: 'Calls', eventName: 'calls', aggregation: 'count' });
  metered = await story.plan(
    'Metered',
    { unitAmount: '30000' },
    { type: 'usage', model: 'per_unit', unitAmount: '10', meterId: meter.id },
  );
});

afterAll(() => nova.stop());

const subscribe = (of: Body = plan, input: Record<string, unknown> = {}): Promise<Body> =>
  story.create('/subscriptions', { customerId: customer.id, planId: of.id, ...input });

describe('subscriptions of April', () => {
  let credited: Body;
  let sameDay: Body;
  let extended: Body;
  let keeps: Body;
  let voids: Body;
  let dated: Body;
  let kept: Body;
  let ended: Body;
  let used: Body;

  it('are paused in every mode on the 11th', async () => {
    credited = await subscribe();
    sameDay = await subscribe();
    extended = await subscribe();
    keeps = await subscribe();
    voids = await subscribe();
    dated = await subscribe();
    kept = await subscribe();
    ended = await subscribe();
    used = await subscribe(metered);

    await story.advance(day('04-11'));
    const paused = await actAsPreviewed(story, credited.id, {
      verb: 'pause',
      input: { mode: 'credit', resumesAt: day('05-11') },
    });
    expect(paused.creditNotes).toMatchObject([{ total: 20_000 }]);
    expect(paused.subscription).toMatchObject({
      status: 'paused',
      pauseMode: 'credit',
      pausedAt: day('04-11'),
      nextBillingAt: day('05-11'),
    });
    for (const [subscription, mode] of [
      [extended, 'extend'],
      [keeps, 'keep_invoices'],
      [voids, 'void_invoices'],
    ] as const) {
      const { creditNotes, invoices } = await actAsPreviewed(story, subscription.id, {
        verb: 'pause',
        input: { mode },
      });
      expect([...creditNotes, ...invoices]).toEqual([]);
    }
    const twice = await story.api.post(`/subscriptions/${credited.id}/pause`, {});
    expect(twice).toMatchObject({ status: 409, body: { code: 'subscription_status_conflict' } });
    const changed = await story.api.post(`/subscriptions/${credited.id}/change`, { planId: metered.id });
    expect(changed.status).toBe(409);
  });

  it('paused and resumed on one day costs nothing', async () => {
    await actAsPreviewed(story, sameDay.id, { verb: 'pause' });
    const { invoices } = await actAsPreviewed(story, sameDay.id, { verb: 'resume' });
    expect(invoices).toMatchObject([{ total: 20_000 }]);
    expect(await netOf(story, sameDay)).toBe(30_000);
  });

  it('canceled at once: with credit for what is not used, and with a last invoice for what is', async () => {
    const { creditNotes, subscription } = await actAsPreviewed(story, ended.id, {
      verb: 'cancel',
      input: { timing: 'immediate', credit: 'unused', reason: 'Moved' },
    });
    expect(creditNotes).toMatchObject([{ total: 20_000 }]);
    expect(subscription).toMatchObject({ status: 'canceled', endedAt: day('04-11'), nextBillingAt: null });

    const events = Array.from({ length: 7 }, (_, index) => ({
      transactionId: `call-${index}`,
      eventName: 'calls',
      customerId: customer.id,
      timestamp: day('04-10'),
    }));
    expect(await story.act('/usage/batch', { events })).toMatchObject({ accepted: 7 });
    const last = await actAsPreviewed(story, used.id, { verb: 'cancel', input: { timing: 'immediate' } });
    expect(last.creditNotes).toEqual([]);
    expect(last.invoices).toMatchObject([{ status: 'draft', billingReason: 'subscription_end', total: 70 }]);
  });

  it('canceled at period end or on a date can be kept until then', async () => {
    const leaving = await actAsPreviewed(story, kept.id, { verb: 'cancel' });
    expect(leaving.subscription).toMatchObject({ cancelAtPeriodEnd: true, status: 'active' });
    const stays = await actAsPreviewed(story, kept.id, { verb: 'keep' });
    expect(stays.subscription).toMatchObject({ cancelAtPeriodEnd: false, canceledAt: null });

    const until = await actAsPreviewed(story, dated.id, {
      verb: 'cancel',
      input: { timing: { at: midnight('05-11') } },
    });
    expect(until.subscription).toMatchObject({ cancelAt: midnight('05-11') });
  });

  it('goes on after the pause of a month, and moves what was to be moved', async () => {
    await story.advance(day('04-21'));
    const { subscription, invoices } = await actAsPreviewed(story, extended.id, { verb: 'resume' });
    expect(invoices).toEqual([]);
    // Ten days of pause: April ends on 11 May, and so do the periods after it.
    expect(subscription).toMatchObject({
      status: 'active',
      currentPeriodEnd: midnight('05-11'),
      anchorDate: `${year}-05-11`,
      nextBillingAt: midnight('05-11'),
    });

    await story.advance(day('05-12'));
    const resumed = await story.read(`/subscriptions/${credited.id}`);
    expect(resumed).toMatchObject({ status: 'active', currentPeriodEnd: midnight('06-01'), pausedAt: null });
    const { invoices: rest } = await outcomeOf(story, resumed, { status: 'applied' });
    // 21 of the 31 days of May.
    expect(rest).toMatchObject([{ total: 20_323 }]);
    expect((await story.invoicesOf(extended)).map(({ total }) => total)).toEqual([30_000, 30_000]);
  });

  it('keeps or voids the invoices of the pauses in which billing goes on', async () => {
    const statuses = async (of: Body) => (await story.invoicesOf(of)).map(({ status }) => status);
    expect(await statuses(keeps)).toEqual(['open', 'draft']);
    expect(await statuses(voids)).toEqual(['open', 'void']);
    const { subscription } = await actAsPreviewed(story, voids.id, { verb: 'resume' });
    expect(subscription).toMatchObject({ status: 'active', currentPeriodEnd: midnight('06-01') });
  });

  it('ends on its date, and gives back what was paid for beyond it', async () => {
    expect(await story.read(`/subscriptions/${dated.id}`)).toMatchObject({
      status: 'canceled',
      endedAt: midnight('05-11'),
    });
    // April, and ten of the 31 days of May: 30,000 − 20,322.58.
    expect(await netOf(story, dated)).toBe(30_000 + 9_677);
    expect(await netOf(story, kept)).toBe(60_000);
    const [, last] = await story.invoicesOf(used);
    expect(last).toMatchObject({ status: 'open', total: 70 });
  });

  it('reactivated it begins a new cycle, and no day is paid twice', async () => {
    const again = await actAsPreviewed(story, ended.id, { verb: 'reactivate' });
    expect(again.subscription).toMatchObject({
      status: 'active',
      anchorDate: `${year}-05-12`,
      currentPeriodEnd: midnight('06-12'),
      endedAt: null,
    });
    expect(again.invoices).toMatchObject([{ total: 30_000 }]);

    await actAsPreviewed(story, kept.id, { verb: 'cancel', input: { timing: 'immediate' } });
    const back = await actAsPreviewed(story, kept.id, { verb: 'reactivate' });
    // May was paid for: 20 of its days are credited.
    expect(back.creditNotes).toMatchObject([{ total: 19_355 }]);
    const active = await story.api.post(`/subscriptions/${kept.id}/reactivate`, {});
    expect(active).toMatchObject({ status: 409, body: { code: 'subscription_status_conflict' } });
  });
});
