import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';
import { expectSoundBooks } from '../support/sound-books.js';
import { netOf } from '../support/subscription-acts.js';

type Body = ApiResponse['body'];

const DAY_MS = 86_400_000;
const PRICE = 30_000;
const STEPS = 14;
const SUBSCRIPTIONS = 3;

let nova: Nova;
const { year } = nextJanuary31();

beforeAll(async () => {
  nova = await startNova();
});
afterAll(() => nova.stop());

/** A subscription, and what its days were worth by a ledger of the test's own: unrounded, in minor units. */
interface Life {
  sub: Body;
  quantity: number;
  worth: number;
  acts: string[];
}

/** Numbers from 0 on below `most`, the same for the same seed. */
function randomBelow(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * most);
  };
}

/** How many days the month of a cycle has that a day lies in. No anchor is later than the 28th. */
function daysOfMonth(anchorDate: string, day: Date): number {
  const anchor = Number(anchorDate.slice(8));
  const back = day.getUTCDate() < anchor ? 1 : 0;
  const start = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - back, anchor);
  return (Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - back + 1, anchor) - start) / DAY_MS;
}

/** Something that can happen to a subscription as it stands. */
async function live(story: BillingStory, life: Life, random: (most: number) => number): Promise<void> {
  const { status, id, items } = life.sub;
  const act = (verb: string, input: Body = {}) => story.act(`/subscriptions/${id}/${verb}`, input);
  const verb = status === 'paused' ? 'resume' : status === 'canceled' ? 'reactivate' : pick(random(5));
  life.acts.push(verb);
  if (verb === 'change') {
    life.quantity = 1 + random(6);
    const item = { id: items[0].id, quantity: String(life.quantity) };
    life.sub = await act('change', { items: [item], timing: 'immediate', proration: 'lines' });
  } else if (verb === 'pause') life.sub = await act('pause', { mode: 'credit' });
  else if (verb === 'cancel') life.sub = await act('cancel', { timing: 'immediate', credit: 'unused' });
  else life.sub = await act(verb);
}

const pick = (number: number) =>
  (['change', 'change', 'change', 'pause', 'cancel'] as const)[number] ?? 'change';

describe('subscriptions to which anything happens', () => {
  it.each([3, 14])('cost what their days cost, and leave sound books (%i)', async (seed) => {
    const random = randomBelow(seed);
    const story = await BillingStory.at(nova, `${year}-02-03T09:00:00.000Z`, { timeZone: 'UTC' });
    const plan = await story.plan('Seats', { model: 'per_unit', unitAmount: String(PRICE) });
    const lives: Life[] = [];
    for (let count = 0; count < SUBSCRIPTIONS; count++) {
      const customer = await story.customer();
      const sub = await story.create('/subscriptions', {
        customerId: customer.id,
        planId: plan.id,
        collectionMethod: 'send_invoice',
      });
      lives.push({ sub, quantity: 1, worth: 0, acts: [] });
    }
    let today = Date.UTC(year, 1, 3);
    for (let step = 0; step < STEPS; step++) {
      let days = 1 + random(16);
      while (new Date(today + days * DAY_MS).getUTCDate() > 28) days++;
      for (const life of lives) {
        for (let day = 0; day < days && life.sub.status === 'active'; day++) {
          const length = daysOfMonth(life.sub.anchorDate, new Date(today + day * DAY_MS));
          life.worth += (life.quantity * PRICE) / length;
        }
      }
      today += days * DAY_MS;
      await story.advance(new Date(today + DAY_MS * 0.375).toISOString());
      for (const life of lives) {
        life.sub = await story.read(`/subscriptions/${life.sub.id}`);
        if (step < STEPS - 1) await live(story, life, random);
        else if (life.sub.status !== 'canceled') {
          life.sub = await story.act(`/subscriptions/${life.sub.id}/cancel`, {
            timing: 'immediate',
            credit: 'unused',
          });
        }
      }
    }
    for (const { sub, worth, acts } of lives) {
      const net = await netOf(story, sub);
      expect(Math.abs(net - worth), `${net} for ${worth}: ${acts.join(', ')}`).toBeLessThanOrEqual(3 * STEPS);
    }
    await expectSoundBooks(nova, story.tenant);
  });
});
