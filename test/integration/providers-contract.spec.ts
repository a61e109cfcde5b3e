// The same on other servers: what is said to providers.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Behaviour } from '../fakes/frame/scripts.js';
import { expectStatus } from '../support/api.js';
import { type Bench, BENCHES } from '../support/contract-benches.js';
import { AMOUNT, ContractWorld } from '../support/contract-world.js';

let world: ContractWorld;

beforeAll(async () => {
  world = await ContractWorld.start();
});
afterAll(() => world.stop());

/** The one thing that must always be so: our books say what the provider's own log says. */
async function expectBooksToAgree(bench: Bench, invoiceId: string): Promise<void> {
  const { provider, books } = await world.holdings(bench, invoiceId);
  expect(provider).toBe(books);
}

const script = (bench: Bench, behaviour: Behaviour, times = 1, path = bench.chargePath) =>
  world.fakeOf(bench.name).control.script({ match: { method: 'POST', path }, do: behaviour, times });

describe.each(BENCHES)('charging by $name', (bench) => {
  beforeEach(() => world.fakeOf(bench.name).control.reset());

  it('takes the money once and settles the invoice', async () => {
    const invoiceId = await world.openInvoice(bench);
    const payment = await world.pay(invoiceId);
    expect(payment.provider).toBe(bench.name);
    await bench.complete(world.fakeOf(bench.name));
    if (payment.status !== 'succeeded') await world.pass(2);
    expect(await world.paymentsOf(invoiceId)).toMatchObject([{ status: 'succeeded', amount: AMOUNT }]);
    expect((await world.readInvoice(invoiceId)).status).toBe('paid');
    await expectBooksToAgree(bench, invoiceId);
  });

  // How adapters take these and others is in the suite of adapters; here it is what the books make of them.
  const faults: [string, Behaviour][] = [
    ['the line breaks after the charge', { drop: 'after-commit' }],
    ['the charge is made behind a 503', { status: 503, commit: true, body: {} }],
    ['the line breaks before the charge', { drop: 'before' }],
    ['too many requests are made', { status: 429, headers: { 'retry-after': '2' }, body: {} }],
  ];
  it.each(faults)('is not failed when %s, and takes the money at most once', async (_, behaviour) => {
    const invoiceId = await world.openInvoice(bench);
    // The SDK of Stripe asks again by itself, with the same key.
    script(bench, behaviour, bench.name === 'stripe' && behaviour.commit !== true ? 3 : 1);
    const payment = await world.pay(invoiceId);
    expect(payment.status).not.toBe('failed');
    await world.pass(2);
    const [after, ...more] = await world.paymentsOf(invoiceId);
    expect(more).toEqual([]);
    const { truth } = world.fakeOf(bench.name);
    const captured = truth.captures(bench.truthName(after?.reference)).length > 0;
    if (captured && bench.findsLostCharges) expect(after?.status).toBe('succeeded');
    else expect(after?.status).not.toBe('failed');
    if (after?.status === 'succeeded' || !captured) await expectBooksToAgree(bench, invoiceId);
    truth.assertSound();
  });
});

describe('a charge that is not what was asked for', () => {
  const table = [
    ['paystack', 'verify-other-amount', 'amount_differs'],
    ['paystack', 'verify-other-currency', 'currency_differs'],
    ['flutterwave', 'verify-other-amount', 'amount_differs'],
  ] as const;
  it.each(table)(
    'by %s in "%s" is parked as %s, and the invoice is still to be paid',
    async (name, mode, code) => {
      const bench = benchOf(name);
      await world.fakeOf(name).control.reset();
      const invoiceId = await world.openInvoice(bench);
      script(bench, { drop: 'after-commit' });
      await world.pay(invoiceId);
      await world.fakeOf(name).control.mode(mode);
      await world.pass(2);
      expect(await world.paymentsOf(invoiceId)).toMatchObject([{ status: 'failed', failureCode: code }]);
      expect((await world.readInvoice(invoiceId)).status).toBe('open');
      const parked = expectStatus(await world.tenant.api.get('/unmatched-payments'), 200).data;
      expect(parked).toContainEqual(expect.objectContaining({ provider: name, reason: code }));
    },
  );
});

describe.each(BENCHES.filter(({ name }) => name !== 'mpesa'))(
  'a charge by $name that takes days',
  (bench) => {
    it('is asked after until it is known, and taken once', async () => {
      const fake = world.fakeOf(bench.name);
      await fake.control.reset();
      const invoiceId = await world.openInvoice(bench);
      script(bench, { outcome: bench.name === 'stripe' ? 'processing' : 'pending' });
      const { status } = await world.pay(invoiceId);
      expect(status).toBe('pending');
      for (const minutes of [5, 60, 1_440]) await world.pass(minutes);
      const [waiting] = await world.paymentsOf(invoiceId);
      expect(waiting?.status).toBe('pending');
      const to = bench.name === 'stripe' ? 'succeeded' : 'success';
      const row = await world.inDatabase((ctx) =>
        ctx.db.payment.findUniqueOrThrow({ where: { id: waiting?.id } }),
      );
      await fake.control.advance({ id: row.providerPaymentId ?? '', ref: row.reference, to });
      await world.pass(2_880);
      expect((await world.readInvoice(invoiceId)).status).toBe('paid');
      await expectBooksToAgree(bench, invoiceId);
    });
  },
);

describe.each(BENCHES.filter(({ name }) => name !== 'mpesa'))('giving back by $name', (bench) => {
  beforeEach(() => world.fakeOf(bench.name).control.reset());

  async function paid(): Promise<string> {
    const invoiceId = await world.openInvoice(bench);
    expect(await world.pay(invoiceId)).toMatchObject({ status: 'succeeded' });
    return invoiceId;
  }

  it('gives parts back, and no more than was taken', async () => {
    const invoiceId = await paid();
    for (const amount of [100_000, 50_000]) await world.credit(invoiceId, amount);
    await world.pass(2);
    await world.pass(10);
    const refunds = await world.refundsOf(invoiceId);
    expect(refunds.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    await expectBooksToAgree(bench, invoiceId);
  });

  it('gives back once when the line breaks after it', async () => {
    const invoiceId = await paid();
    script(bench, { drop: 'after-commit' }, 1, bench.refundPath);
    await world.credit(invoiceId, 100_000);
    await world.pass(2);
    await world.pass(10);
    const { provider } = await world.holdings(bench, invoiceId);
    expect(provider).toBe(150_000n);
    const [refund] = await world.refundsOf(invoiceId);
    expect(refund?.status).toBe(bench.findsLostRefunds ? 'succeeded' : 'pending');
  });
});

describe('the address of our webhooks', () => {
  const accountOf = async (provider: string): Promise<string> => {
    const path = `/payment-providers?provider=${provider}`;
    return expectStatus(await world.tenant.api.get(path), 200).data[0].id;
  };
  const told = async (path: string) =>
    expectStatus(await world.tenant.api.post(`/payment-providers/${path}`), 200).webhookRegistration;

  it('is told to M-Pesa by us, and what came of that is said', async () => {
    const { control } = world.fakeOf('mpesa');
    await control.reset();
    const id = await accountOf('mpesa');
    expect(await told(`${id}/webhook-address`)).toEqual({ result: 'registered', message: null });
    const again = await told(`${id}/test`);
    expect(again).toMatchObject({ result: 'refused' });
    expect(again.message).toContain('already registered');
    control.script({ match: { path: '*/registerurl' }, do: { drop: 'before' } });
    expect(await told(`${id}/test`)).toMatchObject({ result: 'unknown' });
  });

  it('is told to the others by hand', async () => {
    const id = await accountOf('paystack');
    expect(await told(`${id}/test`)).toEqual({ result: 'by_hand', message: null });
  });
});

function benchOf(name: string): Bench {
  const bench = BENCHES.find((one) => one.name === name);
  if (!bench) throw new Error(`There is no bench ${name}.`);
  return bench;
}
