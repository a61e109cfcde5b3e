import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';
import { expectSoundBooks } from '../support/sound-books.js';
import { netOf } from '../support/subscription-acts.js';

type Body = ApiResponse['body'];

let nova: Nova;
let story: BillingStory;
let meterId: string;
/** 30,000 a month in advance: 1,000 a day of a month of thirty days. */
let flat: Body;
/** 30,000 a month in advance, and 10 a call. */
let metered: Body;

const { year } = nextJanuary31();
const at = (date: string, time = '09:00') => `${year}-${date}T${time}:00.000Z`;
const next = (date: string) => `${year + 1}-${date}T09:00:00.000Z`;

beforeAll(async () => {
  nova = await startNova();
  story = await BillingStory.at(nova, at('04-01'), { timeZone: 'UTC' });
  ({ id: meterId } = await story.create('/meters', {
    name: 'Calls',
    eventName: 'calls',
    aggregation: 'sum',
    property: 'count',
  }));
  flat = await story.plan('Flat', { unitAmount: '30000' });
  metered = await story.plan(
    'Metered',
    { unitAmount: '30000' },
    { type: 'usage', model: 'per_unit', unitAmount: '10', meterId },
  );
});

afterAll(() => nova.stop());

let sent = 0;
async function use(customer: Body, timestamp: string, count: number): Promise<void> {
  await story.create('/usage', {
    transactionId: `odd-${(sent += 1)}`,
    customerId: customer.id,
    eventName: 'calls',
    timestamp,
    properties: { count },
  });
}

/** A subscription of a customer of its own. */
async function subscribe(of: Body, input: Body = {}, who: Body = {}): Promise<{ customer: Body; sub: Body }> {
  const customer = await story.customer(who);
  const sub = await story.create('/subscriptions', { customerId: customer.id, planId: of.id, ...input });
  return { customer, sub };
}

const act = (sub: Body, verb: string, input: Body = {}) =>
  story.act(`/subscriptions/${sub.id}/${verb}`, input);

describe('what is given back is never more than was paid for the time', () => {
  let back: Body;
  let seats: Body;
  let longer: Body;

  it('of a subscription that ends with its credit and goes on three days later', async () => {
    ({ sub: back } = await subscribe(flat));
    ({ sub: seats } = await subscribe(flat));
    ({ sub: longer } = await subscribe(flat));
    await story.advance(at('04-11'));
    await act(back, 'cancel', { timing: 'immediate', credit: 'unused' });
    await act(seats, 'change', {
      items: [{ id: seats.items[0].id, quantity: '5' }],
      timing: 'immediate',
      proration: 'none',
    });
    await act(longer, 'pause', { mode: 'extend' });
    expect(await netOf(story, back)).toBe(10_000);
    await story.advance(at('04-14'));
    await act(back, 'reactivate');
    expect(await netOf(story, back), 'ten days, and a month').toBe(40_000);
  });

  it('of seats that were added for nothing', async () => {
    await story.advance(at('04-21'));
    await act(longer, 'resume');
    await act(seats, 'cancel', { timing: 'immediate', credit: 'unused' });
    expect(await netOf(story, seats), 'twenty days of the one that was paid for').toBe(20_000);
  });

  it('of a period that a pause has made longer, also beyond its old end', async () => {
    await story.advance(at('05-06'));
    await act(longer, 'cancel', { timing: 'immediate', credit: 'unused' });
    expect(await netOf(story, longer), 'thirty days less the five that were left').toBe(25_000);
  });
});

describe('usage that was billed at a threshold is not billed again', () => {
  it('when the subscription ends, or changes, in the same period', async () => {
    await story.advance(at('06-01'));
    const ends = await subscribe(metered, { usageThreshold: 1_000, collectionMethod: 'send_invoice' });
    const changes = await subscribe(metered, { usageThreshold: 1_000, collectionMethod: 'send_invoice' });
    await story.advance(at('06-05'));
    for (const { customer } of [ends, changes]) await use(customer, at('06-04'), 200);
    await story.advance(at('06-11'));
    expect(await netOf(story, ends.sub)).toBe(32_000);
    await use(ends.customer, at('06-10'), 5);
    await act(ends.sub, 'cancel', { timing: 'immediate', credit: 'unused' });
    const items = changes.sub.items.map(({ id }: Body) => ({ id }));
    const usage = changes.sub.items[1];
    await act(changes.sub, 'change', {
      items: [items[0], { id: usage.id, terms: { model: 'per_unit', unitAmount: '20' } }],
      timing: 'immediate',
    });
    await story.advance(at('06-13'));
    expect(await netOf(story, ends.sub), 'ten days and 205 calls').toBe(12_050);
    await use(changes.customer, at('06-12'), 10);
    await story.advance(at('07-02'));
    expect(await netOf(story, changes.sub), 'two fees, 200 calls of 10 and ten of 20').toBe(62_200);
  });
});

describe('a commitment', () => {
  it('counts the fees that were paid ahead, of which some are given back', async () => {
    const { sub } = await subscribe(metered, { commitmentAmount: 45_000, collectionMethod: 'send_invoice' });
    await story.advance(at('07-03'));
    const fresh = await subscribe(metered, {
      commitmentAmount: 45_000,
      collectionMethod: 'send_invoice',
      startAt: at('06-02', '00:00'),
      anchorDate: `${year}-06-02`,
      backdateBilling: 'bill',
      graceHours: 0,
    });
    // June's fee counts towards June's commitment, and July's is paid ahead.
    expect(await netOf(story, fresh.sub)).toBe(45_000 + 30_000);
    await story.advance(at('07-12', '00:00'));
    await act(sub, 'cancel', { timing: 'immediate', credit: 'unused' });
    await story.advance(at('07-13'));
    // Ten days of thirty-one of the commitment, of which the fee of these days is a part.
    expect(await netOf(story, sub)).toBe(Math.round((45_000 * 10) / 31));
  });

  it('stays when the plan changes, until another is agreed on', async () => {
    const { sub } = await subscribe(metered, { commitmentAmount: 45_000, collectionMethod: 'send_invoice' });
    const other = await story.plan('Another', { unitAmount: '10000' });
    await act(sub, 'change', { planId: other.id, timing: 'immediate', proration: 'none' });
    const { id } = sub;
    expect(await story.read(`/subscriptions/${id}`)).toMatchObject({
      planId: other.id,
      commitmentAmount: 45_000,
    });
    for (const commitmentAmount of [20_000, null]) {
      const answer = await story.api.patch(`/subscriptions/${id}`, { commitmentAmount });
      expect(expectStatus(answer, 200)).toMatchObject({ commitmentAmount });
    }
  });
});

describe('a start in the past with usage', () => {
  it('keeps its fees when its draft is rated again, and does not bill what it passes over', async () => {
    await story.advance(at('08-01', '00:30'));
    const customers = [await story.customer(), await story.customer()];
    for (const customer of customers) {
      await use(customer, at('07-10'), 100);
    }
    const input = {
      planId: metered.id,
      startAt: at('06-15', '00:00'),
      anchorDate: `${year}-06-01`,
      collectionMethod: 'send_invoice',
      graceHours: 48,
    };
    const [billed, skipped] = [
      await story.create('/subscriptions', {
        customerId: customers[0]?.id,
        ...input,
        backdateBilling: 'bill',
      }),
      await story.create('/subscriptions', {
        customerId: customers[1]?.id,
        ...input,
        backdateBilling: 'skip',
      }),
    ];
    const before = [await netOf(story, billed), await netOf(story, skipped)];
    expect(before).toEqual([16_000 + 30_000 + 30_000 + 1_000, 30_000]);
    await story.advance(at('08-04'));
    expect([await netOf(story, billed), await netOf(story, skipped)]).toEqual(before);
    // One event of July that comes late costs itself, and for whom July was passed over nothing.
    for (const customer of customers) await use(customer, at('07-20'), 10);
    await story.advance(at('09-02', '00:30'));
    await story.advance(at('09-04'));
    expect(await netOf(story, billed)).toBe(before[0]! + 30_000 + 100);
    expect(await netOf(story, skipped)).toBe(before[1]! + 30_000);
  });
});

describe('late usage', () => {
  it('does not bill again what somebody has given back as a favour', async () => {
    const { customer, sub } = await subscribe(metered, { collectionMethod: 'send_invoice' });
    await story.advance(at('09-05'));
    await use(customer, at('09-05', '08:00'), 500);
    await story.advance(at('10-05'));
    const invoice = (await story.invoicesOf(sub)).at(-1);
    const line = invoice.lines.find(({ kind }: Body) => kind === 'usage');
    await story.create('/credit-notes', {
      invoiceId: invoice.id,
      reason: 'goodwill',
      lines: [{ invoiceLineId: line.id, amount: 1_000 }],
    });
    await use(customer, at('09-20'), 7);
    await story.advance(at('11-05'));
    expect(await netOf(story, sub), 'three fees, 507 calls less the favour').toBe(90_000 + 5_070 - 1_000);
  });

  it('is billed once where a draft has it that waits', async () => {
    const customer = await story.customer();
    const base = { customerId: customer.id, collectionMethod: 'send_invoice' };
    const one = await story.create('/subscriptions', { ...base, planId: metered.id, graceHours: 96 });
    await story.advance(at('11-07'));
    const other = await story.create('/subscriptions', { ...base, planId: flat.id });
    await story.advance(at('12-20'));
    await use(customer, at('12-03'), 10);
    // The next period of the one ends on the 5th of January and waits for four days; the other renews meanwhile.
    await story.advance(next('01-06'));
    await use(customer, at('12-03', '10:00'), 5);
    await story.advance(next('01-12'));
    const net = (await netOf(story, one)) + (await netOf(story, other));
    expect(net, 'six fees and fifteen calls').toBe(6 * 30_000 + 150);
  });

  it('is not lost on an invoice that a pause voids', async () => {
    const customer = await story.customer();
    const base = { customerId: customer.id, collectionMethod: 'send_invoice' };
    const one = await story.create('/subscriptions', { ...base, planId: metered.id });
    await story.advance(next('01-13'));
    const other = await story.create('/subscriptions', { ...base, planId: flat.id });
    await act(other, 'pause', { mode: 'void_invoices' });
    await story.advance(next('02-12').replace('09:', '15:'));
    await use(customer, next('01-20'), 10);
    await story.advance(next('02-14'));
    await story.advance(next('03-14'));
    expect(await netOf(story, one), 'three fees and ten calls').toBe(90_000 + 100);
  });
});

describe('a draft of a subscription', () => {
  it('can be given up, and late events do not bring it back', async () => {
    await story.advance(next('03-15'));
    const { customer, sub } = await subscribe(metered, { collectionMethod: 'send_invoice', graceHours: 48 });
    await story.advance(next('03-20'));
    await use(customer, next('03-19'), 100);
    await story.advance(next('04-15'));
    const [, draft] = await story.invoicesOf(sub);
    expect(draft).toMatchObject({ status: 'draft', total: 31_000 });
    expect((await story.api.delete(`/invoices/${draft.id}`)).status).toBe(204);
    await story.advance(next('04-18'));
    await use(customer, next('03-20'), 1);
    await story.advance(next('05-18'));
    expect(await netOf(story, sub), 'the fees of March and May').toBe(60_000);
  });

  it('is rated by the rhythm that it was of when the rhythm changes while it waits', async () => {
    await story.advance(next('06-01'));
    const arrears = await story.plan(
      'Arrears',
      { unitAmount: '30000', billing: 'in_arrears' },
      { type: 'usage', model: 'per_unit', unitAmount: '10', meterId, minimumAmount: 5_000 },
    );
    const yearly = await story.plan('Yearly', { unitAmount: '365000', interval: 'year' });
    const { customer, sub } = await subscribe(arrears, { collectionMethod: 'send_invoice', graceHours: 72 });
    await story.advance(next('07-02'));
    await act(sub, 'change', { planId: yearly.id, timing: 'immediate' });
    const day = Math.round(35_000 / 31);
    const before = await netOf(story, sub);
    expect(Math.abs(before - (35_000 + day + 365_000))).toBeLessThanOrEqual(1);
    await story.advance(next('07-06'));
    expect(await netOf(story, sub)).toBe(before);
    await use(customer, next('06-20'), 1);
    await story.advance(next('07-08'));
    expect(await netOf(story, sub)).toBe(before);
  });
});

it('leaves books without a fault', async () => {
  await expectSoundBooks(nova, story.tenant);
});
