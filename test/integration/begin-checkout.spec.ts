// The same on other servers: what begins a payment is a request, and what asks after it is tried there by payments.spec.ts.
import { beginCheckout } from '@nova/core/features/payments/begin-checkout.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { Payment } from '@nova/prisma-tenant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { expectStatus, type ApiResponse } from '../support/api.js';
import { Payer } from '../support/payer.js';
import { benchOf, PayShop } from '../support/pay-shop.js';

type Body = ApiResponse['body'];

let shop: PayShop;
const payer = new Payer();

beforeAll(async () => {
  shop = await PayShop.start();
  await shop.takeMoneyBy('paystack', 'flutterwave', 'stripe', 'mpesa');
});

beforeEach(() => shop.fake('paystack').control.scripts.clear());

afterAll(() => shop.stop());

const providers = () => shop.nova.app.get(PaymentProviders, { strict: false });

/** Begins as a page does. */
function begin(
  invoice: Body,
  provider: string,
  more: { amount?: bigint; phone?: string } = {},
): Promise<Payment> {
  const contexts = shop.nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  const whose = { tenantId: shop.tenant.tenantId, mode: 'test', actor, requestId: null } as const;
  return contexts.run(whose, (ctx) =>
    beginCheckout(ctx, providers(), {
      invoiceId: invoice.id,
      provider,
      savesMethod: false,
      returnUrl: `${shop.nova.url}/pay/x`,
      ...more,
    }),
  );
}

/** Clicks on the page of a provider's that a payment waits on. */
const press = async ({ actionUrl }: { actionUrl: string | null }, choice: string) =>
  payer.press(await payer.open(actionUrl ?? ''), choice);

const pass = (minutes: number) => shop.pass(minutes);

const calls = (provider: string, path: string) =>
  shop
    .fake(provider)
    .control.journal()
    .filter((entry) => entry.path === path);

const refusedAsInFlight = (attempt: Promise<unknown>) =>
  expect(attempt).rejects.toMatchObject({ definition: { code: 'invoice_payment_in_flight' } });

describe('beginning to pay', () => {
  it('makes one attempt, though two browsers begin at once', async () => {
    const invoice = await shop.invoice('NGN');
    const begun = await Promise.allSettled(Array.from({ length: 6 }, () => begin(invoice, 'paystack')));
    expect(begun.some(({ status }) => status === 'fulfilled')).toBe(true);
    const [payment, ...more] = await shop.paymentsOf(invoice.id);
    expect(more).toEqual([]);
    const made = calls('paystack', '/transaction/initialize');
    expect(made.filter(({ rawBody }) => rawBody.includes(`"${payment.reference}"`))).toHaveLength(1);
  });

  it('gives the same page back for the same provider and sum, and another for another', async () => {
    const invoice = await shop.invoice('NGN');
    const first = await begin(invoice, 'paystack');
    expect(await begin(invoice, 'paystack')).toMatchObject({ id: first.id, actionUrl: first.actionUrl });
    const part = await begin(invoice, 'paystack', { amount: 100_000n });
    expect(part.id).not.toBe(first.id);
    const other = await begin(invoice, 'stripe');
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([
      { id: other.id, status: 'requires_action' },
      { id: part.id, status: 'failed', failureCode: 'superseded' },
      { id: first.id, status: 'failed', failureCode: 'superseded' },
    ]);
  });

  it('tells of a page that was left, and of no failure of the invoice', async () => {
    const invoice = await shop.invoice('NGN');
    await begin(invoice, 'paystack');
    await begin(invoice, 'flutterwave');
    const events = expectStatus(await shop.tenant.api.get(`/events?objectId=${invoice.id}`), 200).data;
    expect(events.map(({ type }: { type: string }) => type)).not.toContain('invoice.payment_failed');
  });

  it('does not leave a page that was paid on meanwhile', async () => {
    const invoice = await shop.invoice('NGN');
    await press(await begin(invoice, 'paystack'), 'pay');
    await expect(begin(invoice, 'stripe')).rejects.toMatchObject({
      definition: { code: 'invoice_not_open' },
    });
    expect(await shop.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([{ provider: 'paystack', status: 'succeeded' }]);
  });

  it('does not leave a page of which its provider does not tell whether it was paid on', async () => {
    const invoice = await shop.invoice('NGN');
    await begin(invoice, 'paystack');
    shop.fake('paystack').control.script({
      match: { method: 'GET', path: '/transaction/verify/*' },
      do: { status: 503, body: {} },
    });
    await refusedAsInFlight(begin(invoice, 'stripe'));
  });

  it('takes the money of a page that was left, when it comes after all', async () => {
    const invoice = await shop.invoice('NGN');
    const left = await begin(invoice, 'paystack');
    const second = await begin(invoice, 'flutterwave');
    await press(left, 'pay');
    await press(second, 'pay');
    await pass(2);
    const api = shop.tenant.api;
    // What a webhook or the books of the provider bring.
    const payments = await shop.paymentsOf(invoice.id);
    const late = payments.find(({ id }: Body) => id === left.id);
    expect(payments.filter(({ status }: Body) => status === 'succeeded').length).toBeGreaterThan(0);
    expect(await shop.readInvoice(invoice.id)).toMatchObject({ status: 'paid', amountPaid: 250_000 });
    if (late.status === 'succeeded') {
      const parked = expectStatus(await api.get('/unmatched-payments'), 200).data;
      expect(parked.some(({ paymentId }: Body) => [left.id, second.id].includes(paymentId))).toBe(true);
    }
  });

  it('refuses more than is due', async () => {
    const invoice = await shop.invoice('NGN');
    await expect(begin(invoice, 'paystack', { amount: 250_001n })).rejects.toMatchObject({
      definition: { code: 'payment_exceeds_amount_due' },
    });
  });
});

describe('a phone that is being asked', () => {
  const answer = (verb: string) =>
    payer.send(`${shop.fake('mpesa').url}/phone/${MPESA_DEMO.phone}/answer`, { verb, pin: MPESA_DEMO.pin });

  it('is not asked twice, and another time once it has said no', async () => {
    const invoice = await shop.invoice('KES');
    const first = await begin(invoice, 'mpesa', { phone: MPESA_DEMO.phone });
    expect(first).toMatchObject({ status: 'pending', actionUrl: null });
    await refusedAsInFlight(begin(invoice, 'mpesa', { phone: MPESA_DEMO.phone }));
    await refusedAsInFlight(begin(invoice, 'paystack'));
    await answer('cancel');
    const other = await begin(invoice, 'paystack');
    expect(other).toMatchObject({ attempt: 2, provider: 'paystack' });
  });
});

describe('a begin that was cut off', () => {
  it('before the provider heard of it, is only asked after, and holds nobody up for long', async () => {
    const invoice = await shop.invoice('NGN');
    shop.fake('paystack').control.script({
      match: { method: 'POST', path: '/transaction/initialize' },
      do: { drop: 'before' },
    });
    const lost = await begin(invoice, 'paystack');
    expect(lost).toMatchObject({ status: 'created', actionUrl: null });
    await refusedAsInFlight(begin(invoice, 'paystack'));
    await pass(3);
    const [still] = await shop.paymentsOf(invoice.id);
    expect(still).toMatchObject({ id: lost.id, status: 'created' });
    const next = await begin(invoice, 'paystack');
    expect(next.actionUrl).not.toBeNull();
    await press(next, 'pay');
    await pass(2);
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([
      { id: next.id, status: 'succeeded' },
      { id: lost.id, status: 'failed', failureCode: 'superseded' },
    ]);
    const { truth } = shop.fake('paystack');
    expect(truth.net(benchOf('paystack').truthName(next.reference))).toBe(250_000n);
  });

  it('after the provider had made the page, charges nobody a second time', async () => {
    const invoice = await shop.invoice('NGN');
    shop.fake('paystack').control.script({
      match: { method: 'POST', path: '/transaction/initialize' },
      do: { drop: 'after-commit' },
    });
    const lost = await begin(invoice, 'paystack');
    expect(lost).toMatchObject({ status: 'created', actionUrl: null });
    await pass(3);
    await press(await begin(invoice, 'flutterwave'), 'pay');
    await pass(2);
    const payments = await shop.paymentsOf(invoice.id);
    expect(payments.filter(({ status }: Body) => status === 'succeeded')).toHaveLength(1);
    expect(shop.fake('paystack').truth.violations()).toEqual([]);
  });

  it('by a crash before the provider was asked, is begun anew once that is certain', async () => {
    const invoice = await shop.invoice('NGN');
    const sandbox = sandboxProviderAt(shop.nova.url);
    const die = () => Promise.reject(new Error('It died here.'));
    providers().use({ ...sandbox, createCheckout: die });
    await expect(begin(invoice, 'sandbox')).rejects.toThrow('It died here.');
    providers().use(sandbox);
    await refusedAsInFlight(begin(invoice, 'sandbox'));
    await shop.pass(3);
    expect(await begin(invoice, 'sandbox')).toMatchObject({ attempt: 2, status: 'pending' });
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([
      { status: 'requires_action' },
      { status: 'failed', failureCode: 'superseded' },
    ]);
  });

  it('by a crash after the provider had answered, is found when it is asked after, with its page', async () => {
    const invoice = await shop.invoice('NGN');
    const sandbox = sandboxProviderAt(shop.nova.url);
    providers().use({
      ...sandbox,
      createCheckout: async (ctx, checkout) => {
        await sandbox.createCheckout(ctx, checkout);
        throw new Error('It died here.');
      },
    });
    await expect(begin(invoice, 'sandbox')).rejects.toThrow('It died here.');
    providers().use(sandbox);
    await shop.pass(2);
    const [payment] = await shop.paymentsOf(invoice.id);
    expect(payment).toMatchObject({ status: 'requires_action', attempt: 1 });
    expect(await begin(invoice, 'sandbox')).toMatchObject({
      id: payment.id,
      actionUrl: payment.actionUrl,
    });
  });

  it('between the money and its record, is found when it is asked after', async () => {
    const invoice = await shop.invoice('NGN');
    const payment = await begin(invoice, 'stripe');
    // Nobody comes back from the page, and no webhook comes.
    await press(payment, 'card');
    await pass(3);
    expect(await shop.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([{ id: payment.id, status: 'succeeded' }]);
  });

  it('and a page that nobody uses, end some day, so that the invoice can be settled another way', async () => {
    const invoice = await shop.invoice('NGN');
    await begin(invoice, 'paystack');
    await pass(3 * 24 * 60);
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([
      { status: 'failed', failureCode: 'action_not_taken' },
    ]);
    expectStatus(await shop.tenant.api.post(`/invoices/${invoice.id}/mark-paid`), 200);
  });
});
