import { randomBytes } from 'node:crypto';

import { expectStatus, type Api, type ApiResponse } from './api.js';
import { eventually } from './eventually.js';
import type { Nova, TestTenant } from './nova.js';

type Body = ApiResponse['body'];

/** What the stories about billing are told with: a tenant's test mode, its clock and its customers' mailboxes. */
export class BillingStory {
  private constructor(
    private readonly nova: Nova,
    readonly tenant: TestTenant,
  ) {}

  /** A new tenant whose test clock stands at a moment, which lies in the future of the real one. */
  static async at(
    nova: Nova,
    moment: string,
    registration: Record<string, unknown> = {},
  ): Promise<BillingStory> {
    const story = new BillingStory(nova, await nova.tenant(registration));
    await story.advance(moment);
    return story;
  }

  get api(): Api {
    return this.tenant.api;
  }

  /** Lets what is under way come to its end, moves the clock, and waits until a long move has arrived. */
  async advance(to: string): Promise<Body> {
    await this.nova.settle();
    const answer = await this.api.post('/test-clock/advance', { to });
    if (answer.status !== 202) return expectStatus(answer, 200);
    return eventually(
      async () => {
        const clock = await this.read('/test-clock');
        if (clock.advancingTo !== null)
          throw new Error(`The clock stands at ${clock.now} on its way to ${to}.`);
        return clock;
      },
      { withinMs: 120_000 },
    );
  }

  settle(): Promise<void> {
    return this.nova.settle();
  }

  /** A customer with an e-mail address of its own and, with a token, a default payment method. */
  async customer(input: Record<string, unknown> = {}, card: string | null = null): Promise<Body> {
    const email = `customer-${randomBytes(5).toString('hex')}@story.example`;
    const customer = await this.create('/customers', {
      name: 'Ngozi Okafor',
      email,
      currency: 'NGN',
      ...input,
    });
    if (card !== null) await this.create(`/customers/${customer.id}/payment-methods`, { token: card });
    return customer;
  }

  /** A plan with prices: monthly, flat and in naira unless told otherwise. */
  async plan(name: string, ...prices: Record<string, unknown>[]): Promise<Body> {
    const plan = await this.create('/plans', { name });
    const made: Body[] = [];
    for (const price of prices) {
      const rhythm = price['type'] === 'one_time' ? {} : { interval: 'month', intervalCount: 1 };
      const base = { currency: 'NGN', model: 'flat', type: 'recurring', ...rhythm };
      made.push(await this.create(`/plans/${plan.id}/prices`, { ...base, ...price }));
    }
    return { ...plan, prices: made };
  }

  async create(path: string, body: Record<string, unknown>): Promise<Body> {
    return expectStatus(await this.api.post(path, body), 201);
  }

  async act(path: string, body: Record<string, unknown> = {}): Promise<Body> {
    return expectStatus(await this.api.post(path, body), 200);
  }

  async read(path: string): Promise<Body> {
    return expectStatus(await this.api.get(path), 200);
  }

  /** The invoices of a subscription in the order in which they were made. */
  async invoicesOf(subscription: Body): Promise<Body[]> {
    const page = await this.read(`/invoices?subscription=${subscription.id}&sort=createdAt&limit=100`);
    return page.data;
  }

  /** The e-mails that an address got, oldest first. */
  mailTo(address: string): ReturnType<Nova['mail']['list']> {
    return this.nova.mail
      .list()
      .filter((mail) => mail.recipients.includes(address))
      .toReversed();
  }
}

/** The first 31 January that lies wholly in the future, at nine in the morning UTC, and days counted from it. */
export function nextJanuary31(): { year: number; moment: string } {
  const year = new Date().getUTCFullYear() + 1;
  return { year, moment: `${year}-01-31T09:00:00.000Z` };
}

/** The first leap day that lies in the future. */
export function nextLeapYear(): number {
  let year = new Date().getUTCFullYear() + 1;
  while (new Date(Date.UTC(year, 1, 29)).getUTCMonth() !== 1) year++;
  return year;
}
