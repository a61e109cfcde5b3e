// The same on other servers: what providers send, and how it is dealt with.
import { createHmac } from 'node:crypto';

import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { STRIPE_DEMO } from '../fakes/stripe/options.js';
import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { benchOf, type Provider, WebhookWorld } from '../support/webhook-world.js';

const PROVIDERS: readonly Provider[] = ['paystack', 'flutterwave', 'mpesa', 'stripe'];

let world: WebhookWorld;

beforeAll(async () => {
  world = await WebhookWorld.start();
});
beforeEach(() => world.holdBack());
afterAll(() => world.stop());

const senderOf = (provider: Provider) => world.fakes[provider].control.webhooks;

/** What is the same whichever way the word of a payment came: all but moments. */
async function stateOf({ id, invoiceId }: { id: string; invoiceId: string }) {
  const { status, amount, failureCode, note } = await world.readPayment(id);
  const invoice = await world.readInvoice(invoiceId);
  const { data } = (await world.tenant.api.get(`/payments?invoice=${invoiceId}`)).body;
  const told = await world.inDatabase((ctx) =>
    ctx.db.event.count({
      where: { type: 'payment.succeeded', data: { path: ['object', 'id'], equals: id } },
    }),
  );
  return {
    payment: { status, failureCode, note },
    paid: amount - invoice.amountPaid,
    invoice: invoice.status,
    payments: data.length,
    told,
  };
}

const PAID = {
  payment: { status: 'succeeded', failureCode: null, note: null },
  paid: 0,
  invoice: 'paid',
  payments: 1,
  told: 1,
};

describe.each(PROVIDERS)('webhooks of %s', (provider) => {
  it('settle a payment once, sent fifty times at once', async () => {
    const begun = await world.begin(provider);
    await world.pay(provider, begun);
    await senderOf(provider).emit();
    const sent = senderOf(provider).deliveries().length;
    await Promise.all(Array.from({ length: 50 }, () => senderOf(provider).replay()));
    const attempts = senderOf(provider)
      .deliveries()
      .flatMap((delivery) => delivery.attempts);
    expect(attempts.map(({ status }) => status)).toEqual(Array(51 * sent).fill(200));
    await world.nova.settle();
    expect(await stateOf(begun)).toEqual(PAID);
    const kept = await world.inDatabase((ctx) => ctx.db.providerWebhook.findMany({ where: { provider } }));
    expect(new Set(kept.map(({ dedupeKey }) => dedupeKey)).size).toBe(kept.length);
  });

  it('come to the same in another order', async () => {
    const begun = await world.begin(provider);
    await world.pay(provider, begun);
    await senderOf(provider).reorder();
    await world.nova.settle();
    expect(await stateOf(begun)).toEqual(PAID);
  });

  it('come to the same when two jobs deal with them at once', async () => {
    const begun = await world.begin(provider);
    await world.pay(provider, begun);
    await senderOf(provider).emit();
    const job = world.nova.app.get(JobHandlers, { strict: false }).of('provider_webhooks.process');
    const { tenantId } = world.tenant;
    const run = () => world.inDatabase((ctx) => job(ctx, { tenantId, mode: 'test' }));
    await Promise.all([run(), run(), run()]);
    await world.nova.settle();
    expect(await stateOf(begun)).toEqual(PAID);
  });

  it('come to the same three days late, when the provider was asked long ago', async () => {
    const begun = await world.begin(provider);
    await world.pay(provider, begun);
    await world.moveClock(3 * 24 * 60);
    expect(await stateOf(begun)).toEqual(PAID);
    await senderOf(provider).emit();
    await world.nova.settle();
    expect(await stateOf(begun)).toEqual(PAID);
    const [last] = (await world.log(`&provider=${provider}&status=processed`)).slice(-1);
    expect(last).toMatchObject({ attempts: 1 });
  });
});

/** A body of Paystack's that the platform takes for genuine. */
function sendPaystack(body: object) {
  const text = JSON.stringify(body);
  const signature = createHmac('sha512', PAYSTACK_DEMO_KEYS.test).update(text).digest('hex');
  return world.send(world.addresses['paystack'] ?? '', text, { 'x-paystack-signature': signature });
}

const lastOf = async (provider: Provider) => (await world.log(`&provider=${provider}`)).at(-1);

describe('what a webhook says', () => {
  it('gives no value by itself: a forged sum behind a stolen secret settles what was really paid', async () => {
    const begun = await world.begin('flutterwave');
    await world.pay('flutterwave', begun);
    const sent = await world.fakes.flutterwave.control.forge('tampered');
    expect(sent).toMatchObject({ status: 200 });
    await world.nova.settle();
    expect(await stateOf(begun)).toEqual(PAID);
  });

  it('of a payment that was not made is tried again, and waits for a person at the end', async () => {
    const begun = await world.begin('paystack');
    expect((await sendPaystack(success(begun.reference))).status).toBe(200);
    await world.nova.settle();
    const { id } = await lastOf('paystack');
    const read = async () => expectStatus(await world.tenant.api.get(`/provider-webhooks/${id}`), 200);
    expect(await read()).toMatchObject({ status: 'received', attempts: 1 });
    expect(await world.readPayment(begun.id)).toMatchObject({ status: 'requires_action' });
    await world.moveClock(7 * 24 * 60);
    expect(await read()).toMatchObject({ status: 'parked', attempts: 11, nextAttemptAt: null });
    // The customer pays after all, and somebody has it looked at again.
    await world.pay('paystack', begun);
    expectStatus(await world.tenant.api.post(`/provider-webhooks/${id}/process`), 200);
    await world.nova.settle();
    expect(await read()).toMatchObject({ status: 'processed' });
    expect(await stateOf(begun)).toMatchObject({ payment: { status: 'succeeded' }, told: 1 });
  });

  it('of money that nobody asked for is not ignored, and of a failure that is not ours is', async () => {
    const before = await world.inDatabase((ctx) => ctx.db.unmatchedPayment.count());
    expect((await sendPaystack(success('order-17'))).status).toBe(200);
    await world.nova.settle();
    expect(await lastOf('paystack')).toMatchObject({ status: 'processed' });
    expect(await world.inDatabase((ctx) => ctx.db.unmatchedPayment.count())).toBe(before + 1);
  });

  it('of another tenant’s payment gives that tenant nothing', async () => {
    const other = await world.nova.tenant();
    const { credentials } = benchOf('paystack');
    expectStatus(await other.api.post('/payment-providers', { provider: 'paystack', credentials }), 201);
    const theirs = await world.begin('paystack', other);
    expect((await sendPaystack(success(theirs.reference))).status).toBe(200);
    await world.nova.settle();
    const payment = expectStatus(await other.api.get(`/payments/${theirs.id}`), 200);
    expect(payment).toMatchObject({ status: 'requires_action' });
    expect(await world.log('', other)).toEqual([]);
  });
});

const success = (reference: string) => ({
  event: 'charge.success',
  data: { id: Math.floor(Math.random() * 1e12), reference, amount: 250_000, currency: 'NGN' },
});

/** Gives all of a payment back by a credit note; answers with the refund's id. */
async function refundOf({ id, invoiceId }: { id: string; invoiceId: string }): Promise<string> {
  const amount = (await world.readPayment(id)).amount;
  expectStatus(await world.tenant.api.post('/credit-notes', { invoiceId, amount, to: 'refund' }), 201);
  await world.nova.settle();
  const refund = await world.inDatabase((ctx) =>
    ctx.db.refund.findFirstOrThrow({ where: { paymentId: id } }),
  );
  expect(refund.status).toBe('pending');
  return refund.id;
}

describe('callbacks of M-Pesa', () => {
  it('find a push whose answer was lost', async () => {
    const { mpesa } = world.fakes;
    mpesa.control.script({ match: { path: '/mpesa/stkpush/*' }, do: { drop: 'after-commit' } });
    const begun = await world.begin('mpesa');
    expect(begun).toMatchObject({ status: 'created', providerPaymentId: null });
    await world.pay('mpesa', begun);
    await senderOf('mpesa').emit();
    await world.nova.settle();
    // Where the provider had it under way still, it is asked again in half a minute of the tenant's clock.
    await world.moveClock(1);
    expect(await stateOf(begun)).toEqual(PAID);
    const { receipt, payer } = await world.inDatabase((ctx) =>
      ctx.db.payment.findUniqueOrThrow({ where: { id: begun.id } }),
    );
    expect({ receipt, payer }).toEqual({ receipt: expect.any(String), payer: MPESA_DEMO.phone });
  });

  it('tell of a payment that the customer gave up', async () => {
    const begun = await world.begin('mpesa');
    await world.fakes.mpesa.control.advance({ ref: MPESA_DEMO.phone, to: '1032' });
    await senderOf('mpesa').emit();
    await world.nova.settle();
    expect(await world.readPayment(begun.id)).toMatchObject({
      status: 'failed',
      failureCode: 'cancelled_by_customer',
    });
  });

  it('bring the receipt to a payment that was asked after before', async () => {
    const begun = await world.begin('mpesa');
    await world.pay('mpesa', begun);
    await world.moveClock(2);
    const receiptOf = () =>
      world.inDatabase((ctx) => ctx.db.payment.findUniqueOrThrow({ where: { id: begun.id } }));
    expect(await receiptOf()).toMatchObject({ status: 'succeeded', receipt: null });
    await senderOf('mpesa').emit();
    await world.nova.settle();
    expect((await receiptOf()).receipt).toMatch(/\w{10}/);
    expect(await stateOf(begun)).toEqual(PAID);
  });

  it('tell what became of a refund, which nothing else does', async () => {
    const begun = await world.begin('mpesa');
    await world.pay('mpesa', begun);
    await senderOf('mpesa').emit();
    await world.nova.settle();
    const refundId = await refundOf(begun);
    // Safaricom takes a moment over it.
    await eventually(async () => {
      await senderOf('mpesa').emit();
      await world.nova.settle();
      const { data } = expectStatus(await world.tenant.api.get(`/refunds?limit=100`), 200);
      expect(data.find(({ id }: { id: string }) => id === refundId)).toMatchObject({ status: 'succeeded' });
    });
  });

  it('tell of what is paid by hand, which goes to the invoice that its payer names', async () => {
    await world.inDatabase(async (ctx) => {
      const provider = await world.nova.app.get(PaymentProviders, { strict: false }).of(ctx, 'mpesa');
      await provider.registerWebhooks?.(ctx);
    });
    const invoice = await world.openInvoice('mpesa');
    await world.fakes.mpesa.control.advance({
      pay: {
        shortcode: MPESA_DEMO.shortcode,
        amount: invoice.amountDue / 100,
        msisdn: MPESA_DEMO.phone,
        billReference: invoice.number.replaceAll('-', '').slice(0, 20),
      },
    });
    await senderOf('mpesa').emit();
    await world.nova.settle();
    expect(await lastOf('mpesa')).toMatchObject({ type: 'c2b', status: 'processed' });
  });
});

describe('what is told of besides payments', () => {
  it('is a refund, which is asked after at once', async () => {
    const begun = await world.begin('paystack');
    await world.pay('paystack', begun);
    await senderOf('paystack').emit();
    await world.nova.settle();
    const refundId = await refundOf(begun);
    await world.fakes.paystack.control.advance({ refund: begun.reference, to: 'processed' });
    await senderOf('paystack').reorder();
    await world.nova.settle();
    const { data } = expectStatus(await world.tenant.api.get(`/refunds?limit=100`), 200);
    expect(data.find(({ id }: { id: string }) => id === refundId)).toMatchObject({ status: 'succeeded' });
  });

  it.each(['paystack', 'stripe'] as const)('is a dispute (%s)', async (provider) => {
    const begun = await world.begin(provider);
    await world.pay(provider, begun);
    await senderOf(provider).emit();
    await world.nova.settle();
    const { providerPaymentId } = await world.readPayment(begun.id);
    await world.fakes[provider].control.advance({
      [provider === 'stripe' ? 'id' : 'ref']: provider === 'stripe' ? providerPaymentId : begun.reference,
      to: 'dispute',
    });
    await senderOf(provider).reorder();
    await world.nova.settle();
    const disputes = await world.inDatabase((ctx) =>
      ctx.db.dispute.findMany({ where: { paymentId: begun.id } }),
    );
    expect(disputes).toMatchObject([{ provider, status: 'open' }]);
  });

  it('is a saved method that was given up at the provider', async () => {
    const { body: customer } = await world.tenant.api.post('/customers', { name: 'Asha', currency: 'NGN' });
    const method = await world.inDatabase((ctx) =>
      ctx.transaction((tx) =>
        tx.db.paymentMethod.create({
          data: {
            id: newId('pm'),
            customerId: customer.id,
            provider: 'stripe',
            token: 'pm_saved',
            kind: 'card',
            label: 'visa ending in 4242',
            isDefault: true,
            createdAt: ctx.clock.now(),
          },
        }),
      ),
    );
    const send = (type: string, card: object = {}) => {
      const object = { id: 'pm_saved', card };
      const text = JSON.stringify({ id: `evt_${type}`, type, livemode: false, data: { object } });
      const at = Math.floor(Date.now() / 1_000);
      const digest = createHmac('sha256', STRIPE_DEMO.webhookSecret).update(`${at}.${text}`).digest('hex');
      return world.send(world.addresses['stripe'] ?? '', text, {
        'stripe-signature': `t=${at},v1=${digest}`,
      });
    };
    const read = () =>
      world.inDatabase((ctx) => ctx.db.paymentMethod.findUniqueOrThrow({ where: { id: method.id } }));
    await send('payment_method.automatically_updated', { brand: 'visa', last4: '1881' });
    await world.nova.settle();
    expect(await read()).toMatchObject({ label: 'visa ending in 1881', detachedAt: null });
    await send('payment_method.detached');
    await eventually(async () => expect((await read()).detachedAt).not.toBeNull());
  });
});

describe('a crash', () => {
  it('between keeping a webhook and dealing with it costs nothing', async () => {
    const begun = await world.begin('paystack');
    await world.pay('paystack', begun);
    await senderOf('paystack').emit();
    // The job was lost with the queue's server, and the index with central: the row is what tells.
    await world.nova.settle();
    const { id } = await lastOf('paystack');
    await world.inDatabase((ctx) =>
      ctx.transaction(async (tx) => {
        await tx.db.providerWebhook.update({
          where: { id },
          data: { status: 'received', nextAttemptAt: ctx.clock.now(), processedAt: null },
        });
        tx.due('provider_webhooks', ctx.clock.now());
      }),
    );
    await world.nova.settle();
    expect(await lastOf('paystack')).toMatchObject({ id, status: 'processed' });
    expect(await stateOf(begun)).toEqual(PAID);
  });
});
