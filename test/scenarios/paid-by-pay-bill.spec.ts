import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { type ApiResponse, expectStatus } from '../support/api.js';
import { createMonthlyPlan } from '../support/billing-world.js';
import { expectSoundBooks } from '../support/sound-books.js';
import { WebhookWorld } from '../support/webhook-world.js';

let world: WebhookWorld;

beforeAll(async () => {
  world = await WebhookWorld.start();
  const [paybill] = world.fakes.mpesa.control.world.organisations;
  if (paybill) paybill.pullsRegistered = true;
});

afterAll(() => world.stop());

const read = async (path: string): Promise<ApiResponse['body']> =>
  expectStatus(await world.tenant.api.get(path), 200);
const post = async (path: string, body: unknown, status: number): Promise<ApiResponse['body']> =>
  expectStatus(await world.tenant.api.post(path, body), status);

async function payByHand(amount: number, billReference: string): Promise<void> {
  const pay = { shortcode: MPESA_DEMO.shortcode, amount, msisdn: MPESA_DEMO.phone, billReference };
  await world.fakes.mpesa.control.advance({ pay });
  await world.fakes.mpesa.control.webhooks.emit();
  // On a busy machine it may take a second try.
  await world.moveClock(10);
}

describe('a customer in Nairobi who pays by the pay bill number', () => {
  it('pays a part, mistypes the rest, pays too much, and has the next month begun with what is over', async () => {
    const { tenant } = world;
    const { plan } = await createMonthlyPlan(tenant.api, 'Duka', { currency: 'KES', unitAmount: '250000' });
    const customer = await post('/customers', { name: 'Wanjiru', currency: 'KES' }, 201);
    const terms = { customerId: customer.id, planId: plan.id, collectionMethod: 'send_invoice' };
    const subscription = await post('/subscriptions', terms, 201);
    const invoicesOf = async () =>
      (await read(`/invoices?subscription=${subscription.id}&sort=createdAt`)).data as ApiResponse['body'][];
    const [march] = await invoicesOf();
    expect(march).toMatchObject({ status: 'open', amountDue: 250_000, currency: 'KES' });

    // On pay day a thousand shillings; a week later she writes a letter too much, and somebody looks it up.
    await payByHand(1_000, march.number);
    await world.moveClock(7 * 24 * 60);
    await payByHand(1_000, `${march.number}X`);
    const [parked] = (await read('/unmatched-payments?status=open')).data;
    expect(parked).toMatchObject({
      reason: 'unknown_reference',
      reference: `${march.number}X`,
      amount: 100_000,
    });
    expect(await read(`/invoices/${march.id}`)).toMatchObject({ status: 'open', amountDue: 150_000 });
    await post(`/unmatched-payments/${parked.id}/apply`, { invoiceId: march.number }, 200);

    // She is not sure, and sends another thousand: five hundred of them are owed.
    await payByHand(1_000, march.number);
    expect(await read(`/invoices/${march.id}`)).toMatchObject({ status: 'paid', amountPaid: 250_000 });
    expect((await read(`/customers/${customer.id}/balance`)).balances).toMatchObject([{ amount: 50_000 }]);

    await world.moveClock(30 * 24 * 60);
    const [, april] = await invoicesOf();
    expect(april).toMatchObject({ status: 'open', balanceApplied: 50_000, amountDue: 200_000 });
    await payByHand(2_000, april.number.toLowerCase());
    expect(await read(`/invoices/${april.id}`)).toMatchObject({ status: 'paid', amountDue: 0 });

    const types = (await read('/events?limit=100&sort=createdAt')).data.map(
      ({ type }: { type: string }) => type,
    );
    const counts = (type: string) => types.filter((one: string) => one === type).length;
    expect(counts('payment.succeeded')).toBe(4);
    expect(counts('invoice.paid')).toBe(2);
    expect((await read('/unmatched-payments?status=open')).data).toEqual([]);
    const taken = (await read(`/payments?customer=${customer.id}`)).data as { amount: number }[];
    const atProvider = world.fakes.mpesa.control.world.ledger.reduce((sum, { amount }) => sum + amount, 0);
    expect(taken.reduce((sum, { amount }) => sum + amount, 0)).toBe(atProvider * 100);
    await expectSoundBooks(world.nova, tenant);
  });
});
