import { expectStatus, type ApiResponse } from './api.js';
import { BillingStory } from './billing-story.js';
import type { Nova } from './nova.js';

type Body = ApiResponse['body'];

/** A customer with a subscription and the invoice of its first period. */
export interface Debtor {
  readonly customer: Body;
  readonly subscription: Body;
  readonly invoiceId: string;
}

/** Stories about invoices that are not paid: a tenant with one monthly plan, whose clock the story moves. */
export class DunningStory {
  private constructor(
    readonly story: BillingStory,
    private readonly plan: Body,
  ) {}

  static async at(nova: Nova, moment: string): Promise<DunningStory> {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    return new DunningStory(story, await story.plan('Basic', { unitAmount: '1500000' }));
  }

  /** Makes a policy: the standard one unless told otherwise. */
  policy(input: Record<string, unknown> = {}): Promise<Body> {
    return this.story.create('/dunning-policies', input);
  }

  /** A new customer subscribes, and is charged by this card; without one the invoice is sent, due in three days. */
  async subscribe(card: string | null, input: Record<string, unknown> = {}): Promise<Debtor> {
    const customer = await this.story.customer(input, card);
    const terms = card === null ? { collectionMethod: 'send_invoice', netTermsDays: 3 } : {};
    const subscription = await this.story.create('/subscriptions', {
      customerId: customer.id,
      planId: this.plan.id,
      ...terms,
    });
    await this.story.settle();
    const [invoice] = await this.story.invoicesOf(subscription);
    return { customer, subscription, invoiceId: invoice.id };
  }

  invoice({ invoiceId }: Debtor): Promise<Body> {
    return this.story.read(`/invoices/${invoiceId}`);
  }

  timeline({ invoiceId }: Debtor): Promise<Body> {
    return this.story.read(`/invoices/${invoiceId}/dunning`);
  }

  /** What was done, as `day of the month: kind`. */
  async done(debtor: Debtor): Promise<string[]> {
    const { entries } = await this.timeline(debtor);
    return entries.map(({ createdAt, kind }: Body) => `${createdAt.slice(5, 10)}: ${kind}`);
  }

  /** How the attempts at the invoice ended, oldest first. */
  async attempts({ invoiceId }: Debtor): Promise<string[]> {
    const { data } = await this.story.read(`/payments?invoice=${invoiceId}&sort=createdAt`);
    return data.map(({ createdAt, status }: Body) => `${createdAt.slice(5, 10)}: ${status}`);
  }

  /** The subjects of what a customer was written, oldest first. */
  letters({ customer }: Debtor): string[] {
    return this.story.mailTo(customer.email).map(({ subject }) => subject ?? '');
  }

  /** The types of the events about a thing, oldest first. */
  async events(objectId: string): Promise<string[]> {
    const { data } = await this.story.read(`/events?objectId=${objectId}&sort=createdAt&limit=100`);
    return data.map(({ type }: Body) => type);
  }

  async refused(path: string, body: Record<string, unknown>, status: number): Promise<string> {
    return expectStatus(await this.story.api.post(path, body), status).code;
  }
}
