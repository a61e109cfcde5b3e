import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BillingStory, nextJanuary31, nextLeapYear } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';

let nova: Nova;

beforeAll(async () => {
  nova = await startNova();
});

afterAll(() => nova.stop());

const days = (moments: (string | null)[]) => moments.map((moment) => moment?.slice(0, 10));

/** The last day of February of a year. */
const endOfFebruary = (year: number) => new Date(Date.UTC(year, 2, 0)).toISOString().slice(0, 10);

describe('a subscription that starts on 31 January', () => {
  it('renews for thirteen months on the right days, is paid by the sandbox and e-mailed once each time', async () => {
    const { year, moment } = nextJanuary31();
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const plan = await story.plan('Pro', { unitAmount: '1500000' });

    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    expect(subscription).toMatchObject({
      status: 'active',
      anchorDate: `${year}-01-31`,
      currentPeriodStart: moment,
      currentPeriodEnd: `${endOfFebruary(year)}T00:00:00.000Z`,
    });

    // Thirteen months later: the last day of the next February has begun, and 31 March is still to come.
    const clock = await story.advance(`${year + 1}-03-01T00:00:00.000Z`);
    expect(clock).toMatchObject({ now: `${year + 1}-03-01T00:00:00.000Z`, frozen: true, advancingTo: null });

    const invoices = await story.invoicesOf(subscription);
    const billedOn = [
      `${year}-01-31`,
      endOfFebruary(year),
      `${year}-03-31`,
      `${year}-04-30`,
      `${year}-05-31`,
      `${year}-06-30`,
      `${year}-07-31`,
      `${year}-08-31`,
      `${year}-09-30`,
      `${year}-10-31`,
      `${year}-11-30`,
      `${year}-12-31`,
      `${year + 1}-01-31`,
      endOfFebruary(year + 1),
    ];
    expect(days(invoices.map((invoice) => invoice.issuedAt))).toEqual(billedOn);
    expect(invoices.map((invoice) => invoice.number)).toEqual(
      billedOn.map((_, index) => `INV-${String(index + 1).padStart(6, '0')}`),
    );

    // Each line pays from its day to the next one's: no gap and no overlap, and the first from the very moment.
    const lines = invoices.map((invoice) => invoice.lines[0]);
    expect(lines[0].periodStart).toBe(moment);
    expect(days(lines.map((line) => line.periodStart))).toEqual(billedOn);
    expect(days(lines.map((line) => line.periodEnd))).toEqual([...billedOn.slice(1), `${year + 1}-03-31`]);

    // Each was charged when it was issued, for ₦15,000.00.
    for (const invoice of invoices) {
      expect(invoice).toMatchObject({
        status: 'paid',
        total: 1_500_000,
        amountPaid: 1_500_000,
        amountDue: 0,
      });
    }
    expect(days(invoices.map((invoice) => invoice.paidAt))).toEqual(billedOn);
    const payments = await story.read(`/customers/${customer.id}/payments?limit=100`);
    expect(payments.data).toHaveLength(14);
    expect(new Set(payments.data.map((payment: { status: string }) => payment.status))).toEqual(
      new Set(['succeeded']),
    );

    // And the customer got one e-mail for each, with its PDF.
    const mail = story.mailTo(customer.email);
    expect(mail).toHaveLength(14);
    for (const [index, invoice] of invoices.entries()) {
      const letter = mail[index];
      expect(letter?.subject).toContain(invoice.number);
      expect(letter?.attachments.map((attachment) => attachment.filename)).toEqual([`${invoice.number}.pdf`]);
      expect(letter?.attachments[0]?.content.subarray(0, 5).toString()).toBe('%PDF-');
    }
    expect(new Set(mail.map((letter) => letter.messageId)).size).toBe(14);
  });
});

describe('a yearly subscription that starts on a leap day', () => {
  it('renews on 28 February in common years, and on 29 February in the next leap year', async () => {
    const leap = nextLeapYear();
    const story = await BillingStory.at(nova, `${leap}-02-29T12:00:00.000Z`, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const plan = await story.plan('Yearly', { unitAmount: '120000', interval: 'year' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });

    await story.advance(`${leap + 4}-03-01T00:00:00.000Z`);

    const invoices = await story.invoicesOf(subscription);
    expect(days(invoices.map((invoice) => invoice.issuedAt))).toEqual([
      `${leap}-02-29`,
      `${leap + 1}-02-28`,
      `${leap + 2}-02-28`,
      `${leap + 3}-02-28`,
      `${leap + 4}-02-29`,
    ]);
  });
});

describe('a customer whose midnight is not ours', () => {
  it('is billed when the day begins where they are', async () => {
    const { year } = nextJanuary31();
    const story = await BillingStory.at(nova, `${year}-01-30T23:30:00.000Z`, { timeZone: 'UTC' });
    const customer = await story.customer({ timeZone: 'Africa/Lagos' }, 'pm_sandbox_success');
    const plan = await story.plan('Lagos', { unitAmount: '5000' });

    // In Lagos it is half past midnight on 31 January.
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    expect(subscription).toMatchObject({ anchorDate: `${year}-01-31`, timeZone: 'Africa/Lagos' });

    await story.advance(`${year}-03-31T00:00:00.000Z`);
    const invoices = await story.invoicesOf(subscription);
    const eveOf = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - 3_600_000).toISOString();
    expect(invoices.map((invoice) => invoice.issuedAt)).toEqual([
      `${year}-01-30T23:30:00.000Z`,
      eveOf(endOfFebruary(year)),
      `${year}-03-30T23:00:00.000Z`,
    ]);
  });
});
