import { parkMoney } from '@nova/core/features/unmatched-payments/park-money.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { BillingStory } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';

type Body = ApiResponse['body'];

let nova: Nova;
let story: BillingStory;
const year = new Date().getUTCFullYear() + 1;

beforeAll(async () => {
  nova = await startNova();
});
afterAll(() => nova.stop());

const on = (monthAndDay: string) => `${year}-${monthAndDay}T09:00:00.000Z`;
const analytics = (what: string, query = '') =>
  story.read(`/analytics/${what}?from=${year}-01-01&to=${year}-06-30${query}`);
const naira = ({ currencies }: Body): Body => currencies.find((one: Body) => one.currency === 'NGN');

/** Money that a provider told of and that fits nothing. */
async function park(amount: number): Promise<string> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'story' } as const;
  const { tenantId } = story.tenant;
  return contexts.run({ tenantId, mode: 'test', actor, requestId: null }, async (ctx) => {
    const parked = await ctx.transaction((tx) =>
      parkMoney(ctx, tx, {
        provider: 'mpesa',
        providerPaymentId: newId('pay'),
        reason: 'unknown_reference',
        reference: 'rent',
        amount: BigInt(amount),
        currency: 'NGN',
      }),
    );
    return parked.id;
  });
}

/** What moved the MRR in each month, without what did not. */
function moves(revenue: Body): Record<string, Record<string, number>> {
  return Object.fromEntries(
    naira(revenue).data.map(({ start, mrr }: Body) => {
      const { start: _start, end: _end, ...moved } = mrr as Record<string, number>;
      const month = new Date(new Date(start).getTime() + 86_400_000).toISOString().slice(5, 7);
      return [month, Object.fromEntries(Object.entries(moved).filter(([, amount]) => amount !== 0))];
    }),
  );
}

describe('half a year of a small company', () => {
  it('is told in what was billed and paid, and in what moved its recurring revenue', async () => {
    story = await BillingStory.at(nova, on('01-05'), { timeZone: 'Africa/Lagos', country: 'NG' });
    const basic = await story.plan('Basic', { unitAmount: '1000000' });
    const pro = await story.plan('Pro', { unitAmount: '2500000' });
    const coupon = await story.create('/coupons', {
      name: 'Spring',
      kind: 'percentage',
      percentOff: '50',
      duration: 'repeating',
      periods: 2,
    });
    const ada = await story.customer({ name: 'Ada' }, 'pm_sandbox_success');
    const ben = await story.customer({ name: 'Ben' });
    const cleo = await story.customer({ name: 'Cleo' });
    const ofAda = await story.create('/subscriptions', { customerId: ada.id, planId: basic.id });
    const trialEndsAt = on('01-20');
    const ofBen = await story.create('/subscriptions', { customerId: ben.id, planId: basic.id, trialEndsAt });
    await story.create('/subscriptions', { customerId: cleo.id, planId: pro.id, startAt: on('02-10') });

    await story.advance(on('03-01'));
    await story.create(`/customers/${ben.id}/discounts`, { couponId: coupon.id });
    await story.advance(on('03-15'));
    await story.act(`/subscriptions/${ofAda.id}/change`, { planId: pro.id });
    await story.advance(on('04-10'));
    await story.act(`/subscriptions/${ofAda.id}/pause`, { mode: 'credit' });
    await story.advance(on('05-10'));
    await story.act(`/subscriptions/${ofAda.id}/resume`);
    await story.advance(on('06-15'));
    await story.act(`/subscriptions/${ofAda.id}/cancel`, { timing: 'immediate' });
    await story.settle();

    const revenue = await analytics('revenue');
    expect(moves(revenue)).toEqual({
      // Ada at once, and Ben after his trial.
      '01': { new: 2_000_000 },
      '02': { new: 2_500_000 },
      // Ben pays half for two periods, from 20 March and 20 April; Ada goes up.
      '03': { contraction: -500_000, expansion: 1_500_000 },
      // The second of the periods is billed in advance, on 20 April, and uses the coupon up.
      '04': { churn: -2_500_000, expansion: 500_000 },
      '05': { reactivation: 2_500_000 },
      '06': { churn: -2_500_000 },
    });
    const { mrr, arr } = naira(revenue);
    expect(mrr).toMatchObject({ start: 0, new: 4_500_000, end: 3_500_000 });
    expect(arr).toBe(42_000_000);
    expect(ofBen.status).toBe('trialing');
  });

  it('counts money that did not match once it is a payment, with what is more than due, and what was returned not at all', async () => {
    const before = naira(await analytics('revenue')).money;
    const [invoice] = (await story.read('/invoices?status=open&sort=createdAt&limit=1')).data;
    const [tooMuch, nobodys, late] = [
      await park(invoice.amountDue + 300_000),
      await park(70_000),
      await park(110_000),
    ];
    expect(naira(await analytics('revenue')).money).toEqual(before);
    await story.act(`/unmatched-payments/${tooMuch}/apply`, { invoiceId: invoice.id });
    await story.act(`/unmatched-payments/${nobodys}/return`, { by: 'hand' });
    await story.act(`/unmatched-payments/${late}/dismiss`, { reason: 'It was a test of the bank’s.' });
    await story.settle();
    const [payment] = (await story.read(`/payments?invoice=${invoice.id}`)).data;
    expect(payment).toMatchObject({ amount: invoice.amountDue + 300_000, status: 'succeeded' });
    const balance = await story.read(`/customers/${invoice.customerId}/balance`);
    expect(balance.balances).toMatchObject([{ currency: 'NGN', amount: 300_000 }]);
    const { collected, refunded, ...rest } = naira(await analytics('revenue')).money;
    expect({ collected, refunded }).toEqual({
      collected: before.collected + invoice.amountDue + 300_000,
      refunded: before.refunded,
    });
    const { collected: _c, refunded: _r, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
  });

  it('is exact against the invoices, payments and credit notes', async () => {
    const all = async (path: string): Promise<Body[]> => (await story.read(`${path}?limit=100`)).data;
    const [invoices, payments, notes, refunds] = [
      await all('/invoices'),
      await all('/payments'),
      await all('/credit-notes'),
      await all('/refunds'),
    ];
    const sum = (rows: Body[], field: string) =>
      rows.reduce((total: number, row: Body) => total + (row[field] as number), 0);
    const open = invoices.filter(({ status }: Body) => status === 'open');
    for (const groupBy of ['day', 'week', 'month']) {
      const { money, outstanding, data } = naira(await analytics('revenue', `&groupBy=${groupBy}`));
      expect(money).toMatchObject({
        billed: sum(invoices, 'total'),
        collected: sum(
          payments.filter(({ status }: Body) => status === 'succeeded'),
          'amount',
        ),
        credited: sum(notes, 'total'),
        refunded: sum(
          refunds.filter(({ status, paymentId }: Body) => status === 'succeeded' && paymentId !== null),
          'amount',
        ),
        tax: 0,
        voided: 0,
      });
      expect(outstanding).toMatchObject({ amount: sum(open, 'amountDue'), invoices: open.length });
      expect(
        sum(
          data.map(({ money: part }: Body) => part),
          'billed',
        ),
      ).toBe(money.billed);
    }
    expect(notes.length).toBeGreaterThan(0);
  });

  it('knows how many subscriptions lived, and what is left of each month’s', async () => {
    const { now, totals, data, cohorts } = await analytics('subscriptions');
    expect(now).toMatchObject({ active: 2, trialing: 0, paused: 0, scheduled: 0 });
    expect(totals).toMatchObject({
      started: 3,
      trialsStarted: 1,
      trialsConverted: 1,
      ended: 1,
      liveAtEnd: 2,
    });
    const june = data.at(-1);
    expect(june).toMatchObject({ liveAtStart: 3, churned: 1, churnRate: '0.333333', liveAtEnd: 2 });
    expect(cohorts).toEqual([
      { month: `${year}-01`, size: 2, retained: [2, 2, 2, 2, 2, 1] },
      { month: `${year}-02`, size: 1, retained: [1, 1, 1, 1, 1] },
    ]);
  });

  it('knows who pays and how old the debts are', async () => {
    const { customers, newCustomers, currencies } = await story.read(
      `/analytics/customers?from=${year}-06-01&to=${year}-06-30`,
    );
    expect({ customers, newCustomers }).toEqual({ customers: 3, newCustomers: 0 });
    const [{ ageing, ...paying }] = currencies;
    // One of three was lost in 30 days: a customer stays three months of 30.436875 days on average.
    expect(paying).toMatchObject({ payingAtStart: 3, payingAtEnd: 2, churned: 1, churnRate: '0.333333' });
    expect(paying).toMatchObject({ mrr: 3_500_000, arpu: 1_750_000, lifetimeValue: 5_174_644 });
    const { total, customers: debtors, ...parts } = ageing;
    expect(Object.values<number>(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
    expect(parts.over90).toBeGreaterThan(0);
    expect(debtors).toBe(2);
  });

  it('refuses times that make no sense, with the parameter that is wrong', async () => {
    const pointers = async (query: string) => {
      const answer = await story.api.get(`/analytics/revenue?${query}`);
      return [answer.status, answer.body.errors?.[0]?.pointer];
    };
    expect(await pointers('from=2026-02-01&to=2026-01-01')).toEqual([400, '?to']);
    expect(await pointers('from=2020-01-01&to=2026-01-01&groupBy=day')).toEqual([400, '?groupBy']);
    expect(await pointers('from=yesterday')).toEqual([400, '?from']);
    expect(await pointers('currency=XXX')).toEqual([400, '?currency']);
  });
});
