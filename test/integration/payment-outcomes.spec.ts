// The same on other servers: its outcomes are recorded by the job that payments.spec.ts runs there.
import type { PaymentProvider } from '@nova/core/features/payments/providers/payment-provider.js';
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { PayingTenant, referenceOf } from '../support/paying-tenant.js';

const sandboxProvider = sandboxProviderAt('https://nova.example');

const DAY_MINUTES = 24 * 60;

let payer: PayingTenant;

beforeAll(async () => {
  payer = await PayingTenant.start();
});

afterEach(() => payer.providers.use(sandboxProvider));

afterAll(() => payer.stop());

describe('an attempt whose process died before the charge', () => {
  /** Leaves an attempt behind of which the provider never heard. */
  async function dieBeforeCharge(invoiceId: string): Promise<void> {
    payer.providers.use({
      ...sandboxProvider,
      chargeSaved: () => Promise.reject(new Error('It died here.')),
    });
    await payer.api.post(`/invoices/${invoiceId}/pay`);
    expect(await payer.paymentsOf(invoiceId)).toMatchObject([{ status: 'created' }]);
  }

  it('is made when it is asked after, though no job comes for it', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    await dieBeforeCharge(invoice.id);
    payer.providers.use(sandboxProvider);
    await payer.moveClock(2);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
    expect(await payer.chargesOf(invoice.id)).toMatchObject([{ reference: referenceOf(invoice.id) }]);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('does not charge a payment method that was detached meanwhile, by no way', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    await dieBeforeCharge(invoice.id);
    const [{ paymentMethodId }] = await payer.paymentsOf(invoice.id);
    expectStatus(await payer.api.delete(`/payment-methods/${paymentMethodId}`), 204);
    payer.providers.use(sandboxProvider);
    await payer.runCollect(invoice.id);
    await payer.moveClock(7 * DAY_MINUTES);
    expect(await payer.chargesOf(invoice.id)).toEqual([]);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'failed' }]);
    expectStatus(await payer.api.post(`/invoices/${invoice.id}/void`), 200);
  });

  it('ends when the charge can never be made', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    await dieBeforeCharge(invoice.id);
    await payer.moveClock(7 * DAY_MINUTES);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([
      { status: 'failed', failureCode: 'verification_timeout' },
    ]);
    expectStatus(await payer.api.post(`/invoices/${invoice.id}/void`), 200);
  });
});

describe('a charge of unknown outcome', () => {
  const unknown = { kind: 'unknown', message: 'timed out' } as const;

  it('is not failed: it is found out and settles the invoice', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    payer.providers.use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await sandboxProvider.chargeSaved(ctx, charge);
        return unknown;
      },
    });
    const payment = expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(payment.status).toBe('created');
    await payer.moveClock(2);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await payer.chargesOf(invoice.id)).toHaveLength(1);
  });

  it('that the provider never heard of is made with the same reference once it is back', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    const away = () => Promise.resolve(unknown);
    payer.providers.use({ ...sandboxProvider, chargeSaved: away, verify: away });
    await payer.runCollect(invoice.id);
    await payer.moveClock(10);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'created', attempt: 1 }]);
    payer.providers.use(sandboxProvider);
    await payer.moveClock(60);
    expect(await payer.chargesOf(invoice.id)).toMatchObject([{ reference: referenceOf(invoice.id) }]);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('is not made again at a provider that would charge a reference twice', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    const calls: string[] = [];
    payer.providers.use({
      ...sandboxProvider,
      capabilities: { ...sandboxProvider.capabilities, repeatsSafely: false },
      chargeSaved: (_ctx, { reference }) => {
        calls.push(reference);
        return Promise.resolve(unknown);
      },
    });
    await payer.runCollect(invoice.id);
    await payer.runCollect(invoice.id);
    await payer.moveClock(7 * DAY_MINUTES);
    expect(calls).toEqual([referenceOf(invoice.id)]);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([
      { status: 'failed', failureCode: 'verification_timeout' },
    ]);
  });

  it('fails only when the provider, asked for days, never came to know of it', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    payer.providers.use({ ...sandboxProvider, chargeSaved: () => Promise.resolve(unknown) });
    const payment = expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200);
    await payer.moveClock(2 * DAY_MINUTES);
    expect(expectStatus(await payer.api.get(`/payments/${payment.id}`), 200).status).toBe('created');
    await payer.moveClock(5 * DAY_MINUTES);
    expect(expectStatus(await payer.api.get(`/payments/${payment.id}`), 200)).toMatchObject({
      status: 'failed',
      failureCode: 'verification_timeout',
    });
    payer.providers.use(sandboxProvider);
    expect(expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200)).toMatchObject({
      status: 'succeeded',
      attempt: 2,
    });
  });

  it('that fails to be asked after does not keep the others from being asked', async () => {
    const broken = await payer.openInvoice('pm_sandbox_pending_success');
    const fine = await payer.openInvoice('pm_sandbox_pending_success');
    for (const { id } of [broken, fine]) expectStatus(await payer.api.post(`/invoices/${id}/pay`), 200);
    payer.providers.use({
      ...sandboxProvider,
      verify: (ctx, query) =>
        query.reference.includes(broken.id.slice('inv_'.length))
          ? Promise.reject(new Error('unreadable answer'))
          : sandboxProvider.verify(ctx, query),
    });
    await payer.moveClock(2);
    expect(await payer.readInvoice(fine.id)).toMatchObject({ status: 'paid' });
    expect(await payer.readInvoice(broken.id)).toMatchObject({ status: 'open' });
    payer.providers.use(sandboxProvider);
    await payer.moveClock(10);
    expect(await payer.readInvoice(broken.id)).toMatchObject({ status: 'paid' });
  });
});

/** Amounts as the wire has them. */
const wire = (money: { amount?: bigint; currency?: string }) =>
  money.amount === undefined ? money : { amount: Number(money.amount) };

describe('a success that is not the one that was asked for', () => {
  it.each([
    ['less money', { amount: 100_000n }],
    ['another currency', { currency: 'KES' }],
  ])('because of %s is parked and settles nothing, until the provider is clear', async (_, other) => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    const twist: PaymentProvider['verify'] = async (ctx, query) => {
      const outcome = await sandboxProvider.verify(ctx, query);
      return outcome.kind === 'succeeded' ? { ...outcome, ...other } : outcome;
    };
    payer.providers.use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await sandboxProvider.chargeSaved(ctx, charge);
        return { kind: 'unknown', message: 'timed out' };
      },
      verify: twist,
    });
    expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200);
    await payer.moveClock(2);
    const code = 'amount' in other ? 'amount_differs' : 'currency_differs';
    const [failed] = await payer.paymentsOf(invoice.id);
    expect(failed).toMatchObject({ status: 'failed', failureCode: code, providerPaymentId: null });
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'open', amountPaid: 0 });
    const parked = () => payer.unmatchedOf(invoice.id);
    expect(await parked()).toMatchObject([
      { reason: code, status: 'open', paymentId: failed.id, ...wire(other) },
    ]);

    // Told the same again, nothing is added; told what was asked for, the late success counts.
    expect(await payer.ask(failed.id)).toMatchObject({ status: 'failed' });
    expect(await parked()).toHaveLength(1);
    payer.providers.use(sandboxProvider);
    expect(await payer.ask(failed.id)).toMatchObject({ status: 'succeeded' });
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid', amountPaid: 250_000 });
    expect(await parked()).toMatchObject([{ status: 'applied', resolution: failed.id }]);
  });
});
