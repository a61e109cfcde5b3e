import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { nextJanuary31 } from '../support/billing-story.js';
import { type Debtor, DunningStory } from '../support/dunning-story.js';
import { startNova, type Nova } from '../support/nova.js';

type Body = ApiResponse['body'];

const { year, moment } = nextJanuary31();
const february = (day: number) => `${year}-02-${String(day).padStart(2, '0')}T12:00:00.000Z`;

let nova: Nova;
let dunning: DunningStory;

beforeAll(async () => {
  nova = await startNova();
  dunning = await DunningStory.at(nova, moment);
});

afterAll(() => nova.stop());

const ends = (finalAction: string) => ({
  name: finalAction,
  isDefault: false,
  steps: [{ offsetDays: 2, actions: [{ kind: 'charge' }] }],
  finalAction,
  finalAfterDays: 4,
});

describe('without a policy', () => {
  it('nothing is done about a card that is declined, but that it is told', async () => {
    const alone = await dunning.subscribe('pm_sandbox_insufficient_funds');
    expect(await dunning.attempts(alone)).toEqual(['01-31: failed']);
    const answer = await dunning.story.api.get(`/invoices/${alone.invoiceId}/dunning`);
    expect(answer.status).toBe(404);
    await dunning.story.act(`/invoices/${alone.invoiceId}/void`);
  });
});

describe('unpaid invoices of 31 January', () => {
  let poor: Debtor;
  let stolen: Debtor;
  let byHand: Debtor;
  let canceled: Debtor;
  let paused: Debtor;
  let writtenOff: Debtor;
  let sent: Debtor;
  let leaves: Debtor;
  let texted: Debtor;
  let newCard: Debtor;

  it('are dunned by the customer’s policy, else by the default one', async () => {
    const standard = await dunning.policy();
    expect(standard).toMatchObject({ name: 'Standard', isDefault: true, finalAfterDays: 21 });
    const final: Record<string, Body> = {};
    for (const action of ['cancel', 'pause', 'uncollectible']) {
      final[action] = await dunning.policy(ends(action));
    }
    const sms = await dunning.policy({
      name: 'SMS',
      isDefault: false,
      steps: [{ offsetDays: 1, actions: [{ kind: 'sms', template: 'first_reminder' }] }],
    });
    const by = (policy: Body) => ({ dunningPolicyId: policy.id });
    poor = await dunning.subscribe('pm_sandbox_third_time');
    stolen = await dunning.subscribe('pm_sandbox_declined');
    byHand = await dunning.subscribe('pm_sandbox_insufficient_funds');
    leaves = await dunning.subscribe('pm_sandbox_insufficient_funds');
    newCard = await dunning.subscribe('pm_sandbox_declined');
    sent = await dunning.subscribe(null);
    canceled = await dunning.subscribe('pm_sandbox_insufficient_funds', by(final['cancel']));
    paused = await dunning.subscribe('pm_sandbox_insufficient_funds', by(final['pause']));
    writtenOff = await dunning.subscribe('pm_sandbox_insufficient_funds', by(final['uncollectible']));
    texted = await dunning.subscribe('pm_sandbox_insufficient_funds', {
      ...by(sms),
      phone: '+2348012345678',
    });
    expect((await dunning.timeline(poor)).policyId).toBe(standard.id);
    expect((await dunning.timeline(canceled)).policyId).toBe(final['cancel'].id);
  });

  it('say what comes next, and when', async () => {
    const { status, upcoming } = await dunning.timeline(canceled);
    expect(status).toBe('running');
    expect(upcoming).toMatchObject([
      { step: 1, at: `${year}-02-02T09:00:00.000Z`, actions: [{ kind: 'charge' }], finalAction: null },
      { step: null, at: `${year}-02-04T09:00:00.000Z`, actions: [], finalAction: 'cancel' },
    ]);
  });

  it('are told of at once, and not again while the clock stands still', async () => {
    expect(dunning.letters(poor)).toEqual([
      expect.stringMatching(/^Invoice INV-/),
      expect.stringMatching(/^Your payment to .* did not go through$/),
    ]);
    const [, letter] = dunning.story.mailTo(poor.customer.email);
    expect(letter?.text).toContain('There was not enough money');
    expect(letter?.text).toContain(`We will try again on 2 February ${year}.`);
    expect(letter?.text).toMatch(/Pay here: http/);
    await dunning.story.settle();
    expect(await dunning.done(poor)).toEqual(['01-31: started', '01-31: email']);
    expect(await dunning.attempts(poor)).toEqual(['01-31: failed']);
  });

  it('are charged again on the second day, unless the card was refused for good', async () => {
    await dunning.story.advance(february(2));
    expect(await dunning.attempts(poor)).toEqual(['01-31: failed', '02-02: failed']);
    expect(await dunning.attempts(stolen)).toEqual(['01-31: failed']);
    const { entries } = await dunning.timeline(stolen);
    expect(entries.at(-1)).toMatchObject({
      kind: 'payment_skipped',
      step: 2,
      note: 'The payment method was refused for good: it is not charged again.',
    });
  });

  it('are left in peace once they are paid by hand, or the subscription has ended', async () => {
    await dunning.story.act(`/invoices/${byHand.invoiceId}/mark-paid`, { note: 'Cash' });
    await dunning.story.act(`/subscriptions/${leaves.subscription.id}/cancel`, { timing: 'immediate' });
    expect(await dunning.timeline(byHand)).toMatchObject({ status: 'recovered', upcoming: [] });
    expect(await dunning.timeline(leaves)).toMatchObject({ status: 'stopped', upcoming: [] });
    const methods = `/customers/${newCard.customer.id}/payment-methods`;
    const { id } = await dunning.story.create(methods, { token: 'pm_sandbox_success' });
    await dunning.story.act(`/payment-methods/${id}/default`);
  });

  it('that are sent are dunned from the day after they were due, and never charged', async () => {
    await dunning.story.advance(february(4));
    expect(await dunning.invoice(sent)).toMatchObject({
      status: 'open',
      dueAt: `${year}-02-03T09:00:00.000Z`,
      overdueAt: `${year}-02-04T00:00:00.000Z`,
    });
    expect(await dunning.events(sent.invoiceId)).toEqual(['invoice.finalized', 'invoice.overdue']);
    expect(await dunning.done(sent)).toEqual(['02-04: started', '02-04: email']);
    expect(dunning.letters(sent).at(-1)).toMatch(/^Reminder: invoice INV-/);
  });

  it('end as their policies say', async () => {
    const attempts = ['01-31: failed', '02-02: failed'];
    for (const debtor of [canceled, paused, writtenOff]) {
      expect(await dunning.attempts(debtor)).toEqual(attempts);
      const { id, status, upcoming } = await dunning.timeline(debtor);
      expect({ status, upcoming }).toEqual({ status: 'exhausted', upcoming: [] });
      expect(await dunning.events(id)).toEqual([
        'dunning.started',
        'dunning.step_taken',
        'dunning.exhausted',
      ]);
    }
    const subscription = ({ subscription: { id } }: Debtor) => dunning.story.read(`/subscriptions/${id}`);
    expect(await subscription(canceled)).toMatchObject({ status: 'canceled' });
    expect(await subscription(paused)).toMatchObject({ status: 'paused', pauseMode: 'extend' });
    expect(await subscription(writtenOff)).toMatchObject({ status: 'active' });
    expect(await dunning.invoice(canceled)).toMatchObject({ status: 'open', amountDue: 1_500_000 });
    expect(await dunning.invoice(writtenOff)).toMatchObject({ status: 'uncollectible' });
    expect((await dunning.done(canceled)).slice(-2)).toEqual(['02-04: exhausted', '02-04: cancel']);
  });

  it('are asked of the tenant’s own systems where no channel sends SMS', async () => {
    const { id, entries } = await dunning.timeline(texted);
    expect(entries.at(-1)).toMatchObject({ kind: 'sms', note: expect.stringContaining('by an event') });
    const { data } = await dunning.story.read(`/events?objectId=${id}&type=notification.requested`);
    expect(data).toHaveLength(1);
    expect(data[0].data).toMatchObject({
      channel: 'sms',
      to: '+2348012345678',
      invoiceId: texted.invoiceId,
      text: expect.stringMatching(
        /a reminder, ₦15,000\.00 of invoice INV-\d+ are not paid yet\. Pay here: http/,
      ),
    });
  });

  it('recover when there is money on the card again, and nothing comes after it', async () => {
    await dunning.story.advance(february(22));
    expect(await dunning.attempts(poor)).toEqual(['01-31: failed', '02-02: failed', '02-05: succeeded']);
    expect(await dunning.done(poor)).toEqual([
      '01-31: started',
      '01-31: email',
      '02-02: payment_attempt',
      '02-05: payment_attempt',
      '02-05: recovered',
    ]);
    expect(dunning.letters(poor).filter((subject) => /reminder|notice/i.test(subject))).toEqual([]);
    expect(await dunning.invoice(poor)).toMatchObject({ status: 'paid' });
    expect(await dunning.attempts(newCard)).toEqual(['01-31: failed', '02-05: succeeded']);
  });

  it('are only written about where the card was refused for good, or there is none to charge', async () => {
    const letters = [expect.stringMatching(/^Second reminder/), expect.stringMatching(/^Final notice/)];
    expect(dunning.letters(stolen).slice(2)).toEqual(letters);
    expect(await dunning.timeline(stolen)).toMatchObject({ status: 'exhausted' });
    expect(await dunning.attempts(stolen)).toEqual(['01-31: failed']);
    expect(dunning.letters(sent).slice(2)).toEqual(letters);
    expect(await dunning.attempts(sent)).toEqual([]);
    const { entries } = await dunning.timeline(sent);
    const skipped = entries.filter(({ kind }: Body) => kind === 'payment_skipped');
    expect(skipped[0]?.note).toBe('The invoice is sent to be paid, and is not charged.');
  });

  it('that were paid or left are not charged after it', async () => {
    expect(await dunning.attempts(byHand)).toEqual(['01-31: failed', '02-02: failed', '02-02: succeeded']);
    expect(await dunning.attempts(leaves)).toEqual(['01-31: failed', '02-02: failed']);
    expect((await dunning.timeline(leaves)).entries.at(-1)).toMatchObject({
      kind: 'stopped',
      note: 'The subscription has ended.',
    });
  });

  it('may be dunned again, and stopped, by who asks for it', async () => {
    const path = `/invoices/${stolen.invoiceId}/dunning`;
    const policy = await dunning.policy({ ...ends('none'), name: 'Once more' });
    const started = await dunning.story.act(`${path}/start`, { policyId: policy.id });
    expect(started).toMatchObject({ status: 'running', policyId: policy.id });
    expect(started.upcoming[0].at).toBe(february(24));
    expect(await dunning.refused(`${path}/start`, {}, 409)).toBe('dunning_running');
    const stopped = await dunning.story.act(`${path}/stop`);
    expect(stopped.entries.slice(-2)).toMatchObject([{ kind: 'started' }, { kind: 'stopped' }]);
    expect(await dunning.refused(`${path}/stop`, {}, 409)).toBe('dunning_not_running');
  });
});
