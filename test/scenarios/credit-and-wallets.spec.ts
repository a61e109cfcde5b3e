import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';

type Body = ApiResponse['body'];

let nova: Nova;
let year: number;
let moment: string;

beforeAll(async () => {
  nova = await startNova();
  ({ year, moment } = nextJanuary31());
});

afterAll(() => nova.stop());

/** Nigeria's VAT of 7.5 %, as the tenant takes it over. */
async function inNigeria(): Promise<BillingStory> {
  const story = await BillingStory.at(nova, moment, { timeZone: 'Africa/Lagos', country: 'NG' });
  await story.act('/tax-rates/presets', { country: 'NG' });
  return story;
}

async function invoiceOf(story: BillingStory, customerId: string, ...lines: Body[]): Promise<Body> {
  const { id } = await story.create('/invoices', { customerId, currency: 'NGN', lines });
  return story.act(`/invoices/${id}/finalize`);
}

describe('a customer who was charged for something that was not delivered', () => {
  it('gets a credit note for it, and pays less next time', async () => {
    const story = await inNigeria();
    const { id: customerId } = await story.customer({ country: 'NG' });
    const invoice = await invoiceOf(
      story,
      customerId,
      { description: 'Licence', quantity: '1', unitAmount: '1000000' },
      { description: 'Training day', quantity: '2', unitAmount: '450033' },
    );
    expect(invoice).toMatchObject({ subtotal: 1_900_066, taxTotal: 142_505, total: 2_042_571 });
    await story.act(`/invoices/${invoice.number}/mark-paid`, { note: 'Bank transfer 8814' });

    // One of the two days did not take place.
    const [, training] = invoice.lines;
    const half = { invoiceLineId: training.id, amount: 450_033, description: 'Training day of 2 February' };
    const note = await story.create('/credit-notes', {
      invoiceId: invoice.id,
      lines: [half],
      reason: 'order_change',
      memo: 'The trainer was ill.',
    });
    expect(note).toMatchObject({
      number: 'CN-000001',
      subtotal: 450_033,
      total: note.subtotal + note.taxTotal,
      toBalance: note.total,
      buyer: { name: 'Ngozi Okafor' },
      taxes: [{ code: 'VAT', rate: '7.5', base: 450_033, amount: note.taxTotal }],
    });
    const other = await story.create('/credit-notes', {
      invoiceId: invoice.id,
      lines: [{ invoiceLineId: training.id }],
    });
    // Both days together are what the invoice asked for them, to the last kobo.
    expect(note.total + other.total).toBe(900_066 + training.taxAmount);

    const next = await invoiceOf(story, customerId, { description: 'Licence', unitAmount: '500000' });
    expect(next).toMatchObject({ total: 537_500, amountDue: 0, status: 'paid', balanceApplied: 537_500 });
    await story.settle();
    const { balances } = await story.read(`/customers/${customerId}/balance`);
    expect(balances).toMatchObject([{ amount: note.total + other.total - 537_500 }]);
  });
});

describe('a customer who wants the money back', () => {
  it('gets it the way it came, as far as it came that way', async () => {
    const story = await inNigeria();
    const customer = await story.customer({ country: 'NG' }, 'pm_sandbox_refund_pending');
    const gift = { currency: 'NGN', amount: 200_000, note: 'Welcome' };
    await story.create(`/customers/${customer.id}/balance/adjustments`, gift);
    const invoice = await invoiceOf(story, customer.id, { description: 'Licence', unitAmount: '1000000' });
    expect(invoice).toMatchObject({ total: 1_075_000, amountDue: 875_000 });
    await story.act(`/invoices/${invoice.id}/pay`);

    const note = await story.create('/credit-notes', {
      invoiceId: invoice.id,
      to: 'refund',
      reason: 'goodwill',
    });
    expect(note).toMatchObject({ total: 1_075_000, toRefund: 875_000, toBalance: 200_000 });
    await story.settle();
    const [refund] = (await story.read(`/refunds?creditNote=${note.id}`)).data;
    expect(refund).toMatchObject({ status: 'pending', provider: 'sandbox', amount: 875_000 });
    await story.advance(`${year}-02-01T09:00:00.000Z`);
    await story.settle();
    expect(await story.read(`/refunds/${refund.id}`)).toMatchObject({ status: 'succeeded' });
    const told = (await story.read(`/events?objectId=${refund.id}&sort=createdAt`)).data;
    expect(told.map(({ type }: Body) => type)).toEqual(['refund.created', 'refund.succeeded']);
  });
});

describe('a customer who pays ahead', () => {
  it('tops a wallet up, uses it month by month, and is topped up again when it runs low', async () => {
    const story = await inNigeria();
    const customer = await story.customer({ country: 'NG' }, 'pm_sandbox_success');
    const wallet = await story.create('/wallets', {
      customerId: customer.id,
      name: 'Credit',
      currency: 'NGN',
    });
    await story.create(`/wallets/${wallet.id}/top-ups`, { amount: 400_000 });
    await story.settle();
    expect(await story.read(`/wallets/${wallet.id}`)).toMatchObject({ balance: 400_000 });
    await story.create(`/wallets/${wallet.id}/top-ups`, {
      amount: 50_000,
      kind: 'free',
      expiresAt: `${year}-03-15T00:00:00Z`,
    });
    const autoTopUp = { threshold: 200_000, amount: 300_000 };
    await story.api.patch(`/wallets/${wallet.id}`, { autoTopUp });

    const plan = await story.plan('Pro', { unitAmount: '200000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.settle();
    const [january] = await story.invoicesOf(subscription);
    // ₦2,000.00 and VAT: first what is given and expires, then what was paid.
    expect(january).toMatchObject({ total: 215_000, walletApplied: 215_000, amountDue: 0, status: 'paid' });
    expect(await story.read(`/wallets/${wallet.id}`)).toMatchObject({ balance: 235_000 });

    await story.advance(`${year}-02-28T10:00:00.000Z`);
    await story.settle();
    const [, february] = await story.invoicesOf(subscription);
    expect(february).toMatchObject({ walletApplied: 215_000, status: 'paid', amountPaid: 0 });
    // 20,000 were left, so that it was topped up by its rule, once, and the card has paid for it.
    expect(await story.read(`/wallets/${wallet.id}`)).toMatchObject({ balance: 320_000 });
    const topUps = (await story.read(`/wallets/${wallet.id}/top-ups?sort=createdAt`)).data;
    expect(topUps.map(({ kind, amount, status }: Body) => [kind, amount, status])).toEqual([
      ['paid', 400_000, 'active'],
      ['free', 50_000, 'used_up'],
      ['paid', 300_000, 'active'],
    ]);
  });

  it('loses what expires, and keeps what was paid when the wallet is closed', async () => {
    const story = await inNigeria();
    const customer = await story.customer({ country: 'NG' });
    const wallet = await story.create('/wallets', {
      customerId: customer.id,
      name: 'Credit',
      currency: 'NGN',
    });
    const topUp = await story.create(`/wallets/${wallet.id}/top-ups`, { amount: 100_000 });
    await story.act(`/invoices/${topUp.invoiceId}/mark-paid`);
    const expiresAt = `${year}-02-10T00:00:00.000Z`;
    await story.create(`/wallets/${wallet.id}/top-ups`, { amount: 70_000, kind: 'free', expiresAt });

    await story.advance(`${year}-02-11T00:00:00.000Z`);
    await story.settle();
    expect(await story.read(`/wallets/${wallet.id}`)).toMatchObject({ balance: 100_000 });
    const entries = (await story.read(`/wallets/${wallet.id}/entries?sort=createdAt`)).data;
    expect(entries.map(({ kind, amount }: Body) => [kind, amount])).toEqual([
      ['grant', 100_000],
      ['grant', 70_000],
      ['expiry', -70_000],
    ]);
    expect(await story.act(`/wallets/${wallet.id}/close`)).toMatchObject({ status: 'closed', balance: 0 });
    const { balances } = await story.read(`/customers/${customer.id}/balance`);
    expect(balances).toMatchObject([{ currency: 'NGN', amount: 100_000 }]);
  });
});
