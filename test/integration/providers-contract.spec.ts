// The same on other servers: what is said to providers.
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Behaviour } from '../fakes/frame/scripts.js';
import { type ApiResponse, expectStatus } from '../support/api.js';
import { BENCHES, type Bench } from '../support/contract-benches.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

type Fakes = Map<string, Awaited<ReturnType<Bench['start']>>>;

const AMOUNT = 250_000;

let nova: Nova;
let acme: TestTenant;
let fakes: Fakes;

beforeAll(async () => {
  fakes = new Map(
    await Promise.all(BENCHES.map(async (bench) => [bench.name, await bench.start()] as const)),
  );
  const url = (name: string) => fakeOf(name).url;
  nova = await startNova({
    env: {
      PAYSTACK_URL: url('paystack'),
      FLUTTERWAVE_URL: `${url('flutterwave')}/v3`,
      MPESA_URL: url('mpesa'),
      MPESA_SANDBOX_URL: url('mpesa'),
      STRIPE_URL: url('stripe'),
    },
  });
  acme = await nova.tenant();
  for (const { name, credentials } of BENCHES) {
    expectStatus(await acme.api.post('/payment-providers', { provider: name, credentials }), 201);
  }
});

afterAll(async () => {
  await nova.stop();
  await Promise.all([...fakes.values()].map((fake) => fake.stop()));
});

function fakeOf(name: string) {
  const fake = fakes.get(name);
  if (!fake) throw new Error(`There is no fake ${name}.`);
  return fake;
}

/** An open invoice over 2,500.00 of a customer who has saved a method of the provider's. */
async function openInvoice({ name, currency, token, email }: Bench): Promise<string> {
  const customer = expectStatus(await acme.api.post('/customers', { name: 'Asha', currency }), 201);
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  await contexts.run({ tenantId: acme.tenantId, mode: 'test', actor, requestId: null }, (ctx) =>
    ctx.transaction((tx) =>
      tx.db.paymentMethod.create({
        data: {
          id: newId('pm'),
          customerId: customer.id,
          provider: name,
          token,
          kind: 'card',
          label: 'Saved',
          email,
          isDefault: true,
          createdAt: ctx.clock.now(),
        },
      }),
    ),
  );
  const lines = [{ description: 'Work', quantity: '1', unitAmount: String(AMOUNT) }];
  const body = { customerId: customer.id, lines, collectionMethod: 'send_invoice' };
  const { id } = expectStatus(await acme.api.post('/invoices', body), 201);
  expectStatus(await acme.api.post(`/invoices/${id}/finalize`), 200);
  return id;
}

const pay = async (invoiceId: string): Promise<ApiResponse['body']> =>
  expectStatus(await acme.api.post(`/invoices/${invoiceId}/pay`, {}), 200);
const paymentsOf = async (invoiceId: string): Promise<ApiResponse['body'][]> =>
  expectStatus(await acme.api.get(`/payments?invoice=${invoiceId}`), 200).data;

/** Lets so much time pass on the tenant's clock that whatever is due is asked after. */
async function pass(minutes: number): Promise<void> {
  await nova.settle();
  const { now } = expectStatus(await acme.api.get('/test-clock'), 200);
  const to = new Date(Date.parse(now) + minutes * 60_000).toISOString();
  expectStatus(await acme.api.post('/test-clock/advance', { to }), 200);
  await nova.settle();
}

/** Compares what the provider took and gave back with what our books say: the one thing that must always be so. */
async function expectBooksToAgree(bench: Bench, invoiceId: string): Promise<void> {
  const { truth } = fakeOf(bench.name);
  expect(truth.violations()).toEqual([]);
  const payments = await paymentsOf(invoiceId);
  const atProvider =
    payments.reduce((sum, { reference }) => sum + truth.net(bench.truthName(reference)), 0n) *
    bench.minorPerUnit;
  const paid = payments.filter(({ status }) => status === 'succeeded');
  const refunds = expectStatus(await acme.api.get(`/refunds?invoice=${invoiceId}`), 200).data;
  const back = refunds.filter(({ status }: { status: string }) => status === 'succeeded');
  const sum = (rows: { amount: number }[]) => rows.reduce((total, { amount }) => total + BigInt(amount), 0n);
  expect(atProvider).toBe(sum(paid) - sum(back));
}

describe.each(BENCHES)('charging by $name', (bench) => {
  beforeEach(() => fakeOf(bench.name).control.reset());

  const fault = (behaviour: Behaviour, times = 1) =>
    fakeOf(bench.name).control.script({
      match: { method: 'POST', path: bench.chargePath },
      do: behaviour,
      times,
    });

  it('takes the money once and settles the invoice', async () => {
    const invoiceId = await openInvoice(bench);
    const payment = await pay(invoiceId);
    expect(payment.provider).toBe(bench.name);
    await bench.complete(fakeOf(bench.name));
    if (payment.status !== 'succeeded') await pass(2);
    expect(await paymentsOf(invoiceId)).toMatchObject([{ status: 'succeeded', amount: AMOUNT }]);
    expect(expectStatus(await acme.api.get(`/invoices/${invoiceId}`), 200).status).toBe('paid');
    await expectBooksToAgree(bench, invoiceId);
  });

  const faults: [string, Behaviour][] = [
    ['the line breaks after the charge', { drop: 'after-commit' }],
    ['the charge is made behind a 503', { status: 503, commit: true, body: {} }],
    ['a gateway answers with a page', { malformed: 'html', commit: true }],
    ['the answer is cut in half', { malformed: 'truncated' }],
    ['the line breaks before the charge', { drop: 'before' }],
    ['too many requests are made', { status: 429, body: {} }],
  ];
  it.each(faults)('is not failed when %s, and takes the money at most once', async (_, behaviour) => {
    const invoiceId = await openInvoice(bench);
    // The SDK of Stripe asks again by itself, with the same key.
    fault(behaviour, bench.name === 'stripe' && behaviour.commit !== true && !behaviour.malformed ? 3 : 1);
    const payment = await pay(invoiceId);
    expect(payment.status).not.toBe('failed');
    await pass(2);
    const [after, ...more] = await paymentsOf(invoiceId);
    expect(more).toEqual([]);
    const captured = fakeOf(bench.name).truth.captures(bench.truthName(after?.reference)).length > 0;
    if (captured && bench.findsLostCharges) expect(after?.status).toBe('succeeded');
    else expect(after?.status).not.toBe('failed');
    if (after?.status === 'succeeded' || !captured) await expectBooksToAgree(bench, invoiceId);
    expect(fakeOf(bench.name).truth.violations()).toEqual([]);
  });
});

describe.each(BENCHES.filter(({ name }) => name !== 'mpesa'))('giving back by $name', (bench) => {
  beforeEach(() => fakeOf(bench.name).control.reset());

  async function paid(): Promise<{ invoiceId: string }> {
    const invoiceId = await openInvoice(bench);
    expect(await pay(invoiceId)).toMatchObject({ status: 'succeeded' });
    return { invoiceId };
  }
  const credit = async (invoiceId: string, amount: number) =>
    expectStatus(await acme.api.post('/credit-notes', { invoiceId, amount, to: 'refund' }), 201);

  it('gives parts back, and no more than was taken', async () => {
    const { invoiceId } = await paid();
    await credit(invoiceId, 100_000);
    await credit(invoiceId, 50_000);
    await nova.settle();
    await pass(2);
    await pass(10);
    const refunds = expectStatus(await acme.api.get(`/refunds?invoice=${invoiceId}`), 200).data;
    expect(refunds.map(({ status }: { status: string }) => status)).toEqual(['succeeded', 'succeeded']);
    await expectBooksToAgree(bench, invoiceId);
  });

  it('gives back once when the line breaks after it', async () => {
    const { invoiceId } = await paid();
    fakeOf(bench.name).control.script({
      match: { method: 'POST', path: bench.refundPath },
      do: { drop: 'after-commit' },
    });
    await credit(invoiceId, 100_000);
    await nova.settle();
    await pass(2);
    await pass(10);
    const { truth } = fakeOf(bench.name);
    expect(truth.violations()).toEqual([]);
    const [payment] = await paymentsOf(invoiceId);
    expect(truth.net(bench.truthName(payment?.reference))).toBe(150_000n);
    const [refund] = expectStatus(await acme.api.get(`/refunds?invoice=${invoiceId}`), 200).data;
    expect(refund.status).toBe(bench.findsLostRefunds ? 'succeeded' : 'pending');
  });
});
