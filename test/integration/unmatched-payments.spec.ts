// The same on other servers: money that comes by ways that nobody watches.
import { dataSchemaOf } from '@nova/core/features/events/event-catalogue.js';
import { EVENT_TYPES } from '@nova/core/features/events/event-types.js';
import { parked } from '@nova/core/features/unmatched-payments/unmatched-metrics.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { type ApiResponse, expectStatus } from '../support/api.js';
import { expectSoundBooks } from '../support/sound-books.js';
import { type Begun, benchOf, WebhookWorld } from '../support/webhook-world.js';

let world: WebhookWorld;

beforeAll(async () => {
  world = await WebhookWorld.start();
  const [paybill] = world.fakes.mpesa.control.world.organisations;
  if (paybill) paybill.pullsRegistered = true;
});
beforeEach(() => world.holdBack());
afterEach(() => expectSoundBooks(world.nova, world.tenant));
afterAll(() => world.stop());

const api = () => world.tenant.api;
const senderOf = (provider: 'mpesa' | 'paystack') => world.fakes[provider].control.webhooks;

/** The customer pays by hand to the pay bill number, and M-Pesa's word of that has been dealt with. */
async function payByHand(shillings: number, billReference: string): Promise<string> {
  const pay = { shortcode: MPESA_DEMO.shortcode, amount: shillings, msisdn: MPESA_DEMO.phone, billReference };
  const { receipt } = (await world.fakes.mpesa.control.advance({ pay })) as { receipt: string };
  await senderOf('mpesa').emit();
  await world.nova.settle();
  return receipt;
}

async function unmatchedOf(providerPaymentId: string | null): Promise<ApiResponse['body']> {
  const { data } = expectStatus(await api().get('/unmatched-payments?limit=100'), 200);
  return data.find((row: { providerPaymentId: string }) => row.providerPaymentId === providerPaymentId);
}

const paymentsOf = async (invoiceId: string): Promise<ApiResponse['body'][]> =>
  expectStatus(await api().get(`/payments?invoice=${invoiceId}`), 200).data;
const balanceOf = async (customerId: string): Promise<ApiResponse['body']> =>
  expectStatus(await api().get(`/customers/${customerId}/balance`), 200).balances;
const countOf = async (reason: string) => {
  const { values } = await parked.get();
  return values
    .filter(({ labels }) => labels['reason'] === reason)
    .reduce((sum, { value }) => sum + value, 0);
};

/** Makes as if books were read a minute ago and are to be read next: they are not read again within seconds. */
function readLongAgo() {
  const reconciledUntil = new Date(Date.now() - 60_000);
  return world.inDatabase((ctx) =>
    ctx.transaction((tx) =>
      tx.db.reconciliation.updateMany({ data: { reconciledUntil, nextAt: ctx.clock.now() } }),
    ),
  );
}

/** A page of Paystack's that nobody has paid on, until our side has given up. */
async function abandonedPage(): Promise<Begun> {
  const begun = await world.begin('paystack');
  await world.moveClock(3 * 24 * 60);
  expect(await world.readPayment(begun.id)).toMatchObject({ status: 'failed' });
  return begun;
}

/** A sale of the tenant's own software, on the same account. */
const ANY_SALE = { email: 'buyer@shop.example', currency: 'NGN' };

function paystackCall(path: string, body: object): Promise<Response> {
  return fetch(world.fakes.paystack.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${PAYSTACK_DEMO_KEYS.test}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** The customer pays on it after all. */
async function payLate(begun: Begun): Promise<void> {
  await world.pay('paystack', begun);
  await senderOf('paystack').emit();
  await world.moveClock(10);
}

describe('money paid by hand to a pay bill number', () => {
  it('settles the invoice whose number the payer wrote, in any case and with blanks', async () => {
    const invoice = await world.openInvoice('mpesa');
    const receipt = await payByHand(invoice.amountDue / 100, ` ${invoice.number.toLowerCase()} `);
    expect(await paymentsOf(invoice.id)).toMatchObject([
      {
        status: 'succeeded',
        provider: 'mpesa',
        providerPaymentId: receipt,
        receipt,
        amount: invoice.amountDue,
      },
    ]);
    expect(await world.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    // Told of again, it counts once.
    await senderOf('mpesa').replay();
    await world.nova.settle();
    expect(await paymentsOf(invoice.id)).toHaveLength(1);
  });

  it('pays a part, and puts what is more than due on the balance, from where it can be given back', async () => {
    const invoice = await world.openInvoice('mpesa');
    const due = invoice.amountDue / 100;
    await payByHand(due - 500, invoice.number);
    expect(await world.readInvoice(invoice.id)).toMatchObject({ status: 'open', amountDue: 50_000 });
    await payByHand(800, invoice.number);
    expect(await world.readInvoice(invoice.id)).toMatchObject({
      status: 'paid',
      amountPaid: invoice.amountDue,
    });
    expect(await balanceOf(invoice.customerId)).toMatchObject([{ currency: 'KES', amount: 30_000 }]);
    const { data } = expectStatus(await api().get(`/customers/${invoice.customerId}/balance/entries`), 200);
    expect(data).toMatchObject([{ kind: 'payment_excess', amount: 30_000, invoiceId: invoice.id }]);

    const [more] = (await paymentsOf(invoice.id)).filter(({ amount }) => amount === 80_000);
    const refund = expectStatus(await api().post(`/payments/${more.id}/refunds`, {}), 201);
    expect(refund).toMatchObject({ amount: 30_000 });
    expect(await balanceOf(invoice.customerId)).toMatchObject([{ amount: 0 }]);
  });

  it('waits for a person when it names nothing, who applies it', async () => {
    const invoice = await world.openInvoice('mpesa');
    const other = await world.openInvoice('paystack');
    const before = await countOf('unknown_reference');
    const receipt = await payByHand(invoice.amountDue / 100, 'SHOES');
    const row = await unmatchedOf(receipt);
    expect(row).toMatchObject({
      reason: 'unknown_reference',
      status: 'open',
      reference: 'SHOES',
      version: 1,
    });
    expect(await countOf('unknown_reference')).toBe(before + 1);

    const apply = `/unmatched-payments/${row.id}/apply`;
    const refused = await api().post(apply, { invoiceId: other.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'unmatched_payment_currency' } });
    const stale = await api().request('POST', apply, { invoiceId: invoice.id }, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    const [applied, again] = await Promise.all([
      api().post(apply, { invoiceId: invoice.number }),
      api().post(apply, { invoiceId: invoice.number }),
    ]);
    expect(new Set([applied.status, again.status])).toEqual(new Set([200, 409]));
    const [payment] = await paymentsOf(invoice.id);
    expect(payment).toMatchObject({ status: 'succeeded', receipt, amount: invoice.amountDue });
    expect(await unmatchedOf(receipt)).toMatchObject({
      status: 'applied',
      resolution: payment.id,
      version: 2,
    });
    expect(await world.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('for an invoice that is paid waits, and goes to the balance of its customer', async () => {
    const invoice = await world.openInvoice('mpesa');
    await payByHand(invoice.amountDue / 100, invoice.number);
    const receipt = await payByHand(700, invoice.number);
    const row = await unmatchedOf(receipt);
    expect(row).toMatchObject({ reason: 'invoice_not_open', invoiceId: invoice.id, paymentId: null });
    expectStatus(await api().post(`/unmatched-payments/${row.id}/credit`), 200);
    expect(await balanceOf(invoice.customerId)).toMatchObject([{ currency: 'KES', amount: 70_000 }]);
    expect(await world.readInvoice(invoice.id)).toMatchObject({ amountPaid: invoice.amountDue });
  });

  it('is not believed before M-Pesa’s own books have it', async () => {
    const invoice = await world.openInvoice('mpesa');
    const [paybill] = world.fakes.mpesa.control.world.organisations;
    if (paybill) paybill.pullsRegistered = false;
    const receipt = await payByHand(invoice.amountDue / 100, invoice.number);
    expect(await unmatchedOf(receipt)).toMatchObject({ reason: 'unconfirmed', status: 'open' });
    expect(await world.readInvoice(invoice.id)).toMatchObject({ status: 'open' });
    if (paybill) paybill.pullsRegistered = true;
    await world.moveClock(5);
    expect(await world.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    const [payment] = await paymentsOf(invoice.id);
    expect(await unmatchedOf(receipt)).toMatchObject({ status: 'applied', resolution: payment.id });
  });
});

describe('a push to a pay bill number that is told of twice', () => {
  it.each([
    ['first as a push', 'stk'],
    ['first as a payment of its own', 'c2b'],
  ])('counts once, %s', async (_, first) => {
    const begun = await world.begin('mpesa');
    await world.pay('mpesa', begun);
    await senderOf('mpesa').emit({ event: first });
    await world.nova.settle();
    await senderOf('mpesa').emit();
    await world.nova.settle();
    const told = senderOf('mpesa').deliveries();
    expect(told).toHaveLength(2);
    expect(new Set(told.map(({ event }) => event))).toEqual(new Set(['stk', 'c2b']));
    const [payment, ...others] = await paymentsOf(begun.invoiceId);
    expect(others).toEqual([]);
    expect(payment).toMatchObject({
      id: begun.id,
      status: 'succeeded',
      receipt: expect.stringMatching(/^U\w{9}$/),
    });
    expect((await unmatchedOf(payment.receipt))?.status ?? 'applied').toBe('applied');
  });
});

describe('a charge that comes back as other money', () => {
  it.each([
    ['verify-other-currency', 'currency_differs'],
    ['verify-other-amount', 'amount_differs'],
  ])('(%s) is parked, counted, and leaves the invoice to be paid', async (mode, reason) => {
    const before = await countOf(reason);
    const begun = await world.begin('paystack');
    await world.pay('paystack', begun);
    await world.fakes.paystack.control.mode(mode);
    await senderOf('paystack').emit();
    await world.nova.settle();
    const payment = await world.readPayment(begun.id);
    expect(payment).toMatchObject({ status: 'failed', failureCode: reason, providerPaymentId: null });
    expect(await world.readInvoice(begun.invoiceId)).toMatchObject({ status: 'open', amountPaid: 0 });
    expect(await countOf(reason)).toBe(before + 1);
    const { data } = expectStatus(await api().get(`/unmatched-payments?reason=${reason}&status=open`), 200);
    expect(data).toMatchObject([{ paymentId: begun.id, invoiceId: begun.invoiceId }]);
    const dismissed = await api().post(`/unmatched-payments/${data[0].id}/dismiss`, {
      reason: 'A fake lied.',
    });
    expect(expectStatus(dismissed, 200)).toMatchObject({ status: 'dismissed', resolution: 'A fake lied.' });
  });
});

describe('money that comes late', () => {
  it('for a void invoice goes to another one of the customer, with what is over on the balance', async () => {
    const begun = await abandonedPage();
    expectStatus(await api().post(`/invoices/${begun.invoiceId}/void`), 200);
    await payLate(begun);
    const payment = await world.readPayment(begun.id);
    expect(payment).toMatchObject({ status: 'succeeded', note: expect.stringContaining('void') });
    const row = await unmatchedOf(payment.providerPaymentId);
    expect(row).toMatchObject({ reason: 'invoice_not_open', paymentId: begun.id, status: 'open' });

    const lines = [{ description: 'More work', quantity: '1', unitAmount: '100000' }];
    const draft = { customerId: payment.customerId, lines, collectionMethod: 'send_invoice' };
    const { id } = expectStatus(await api().post('/invoices', draft), 201);
    expectStatus(await api().post(`/invoices/${id}/finalize`), 200);
    expectStatus(await api().post(`/unmatched-payments/${row.id}/apply`, { invoiceId: id }), 200);
    expect(await world.readInvoice(id)).toMatchObject({ status: 'paid', balanceApplied: 100_000 });
    expect(await balanceOf(payment.customerId)).toMatchObject([{ amount: payment.amount - 100_000 }]);
  });

  it('is sent back through its provider, and is open again when that fails', async () => {
    const begun = await abandonedPage();
    expectStatus(await api().post(`/invoices/${begun.invoiceId}/void`), 200);
    await payLate(begun);
    const row = await unmatchedOf((await world.readPayment(begun.id)).providerPaymentId);
    await world.fakes.paystack.control.mode('refund-fails');
    const returned = expectStatus(await api().post(`/unmatched-payments/${row.id}/return`, {}), 200);
    expect(returned).toMatchObject({ status: 'returned', resolution: expect.stringMatching(/^rfn_/) });
    await world.nova.settle();
    await world.fakes.paystack.control.advance({ refund: begun.reference, to: 'failed' });
    await world.moveClock(10);
    expect(await unmatchedOf(row.providerPaymentId)).toMatchObject({ status: 'open', resolution: null });
    expectStatus(await api().post(`/unmatched-payments/${row.id}/return`, { by: 'hand' }), 200);
  });

  it('is found in the provider’s books when its webhook was lost', async () => {
    const begun = await abandonedPage();
    await world.pay('paystack', begun);
    senderOf('paystack').clear();
    const list = async () => expectStatus(await api().get('/reconciliations'), 200).data;
    expect(
      (await list()).find(({ provider }: { provider: string }) => provider === 'paystack'),
    ).toBeDefined();
    await readLongAgo();
    await world.moveClock(25 * 60);
    expect(await world.readPayment(begun.id)).toMatchObject({ status: 'succeeded' });
    expect(await world.readInvoice(begun.invoiceId)).toMatchObject({ status: 'paid' });
    expect(await list()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ provider: 'paystack', failures: 0, lastError: null }),
      ]),
    );
  });

  it('is not looked at where it belongs to another tenant on the same account', async () => {
    const other = await world.nova.tenant();
    const { credentials } = benchOf('paystack');
    expectStatus(await other.api.post('/payment-providers', { provider: 'paystack', credentials }), 201);
    const theirs = await world.begin('paystack', other);
    await world.pay('paystack', theirs);
    const shop = { ...ANY_SALE, reference: 'SHOP-4711', amount: 990_000 };
    expect((await paystackCall('/transaction/initialize', shop)).status).toBe(200);
    await world.fakes.paystack.control.advance({ ref: shop.reference, to: 'success' });
    senderOf('paystack').clear();
    const before = expectStatus(await api().get('/unmatched-payments?provider=paystack'), 200).data.length;
    await readLongAgo();
    await world.moveClock(25 * 60);
    const after = expectStatus(await api().get('/unmatched-payments?provider=paystack'), 200).data;
    expect(after).toHaveLength(before);
  });
});

describe('all that became of it', () => {
  const types = EVENT_TYPES.filter((type) => type.startsWith('unmatched_payment.'));

  it.each(types)('was told by events: %s', async (type) => {
    const { data } = expectStatus(await api().get(`/events?type=${type}`), 200);
    expect(data).not.toEqual([]);
    for (const event of data) expect(dataSchemaOf(type).safeParse(event.data).error).toBeUndefined();
  });
});
