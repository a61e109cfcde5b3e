import type { PaymentProvider } from '@nova/core/features/payments/providers/payment-provider.js';
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { PayingTenant, referenceOf } from '../support/paying-tenant.js';

const sandboxProvider = sandboxProviderAt('https://nova.example');

let payer: PayingTenant;

beforeAll(async () => {
  payer = await PayingTenant.start();
});

afterEach(() => payer.providers.use(sandboxProvider));

afterAll(() => payer.stop());

describe('charging an invoice now', () => {
  it('pays it, and tells of the payment in every list', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    const payment = expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(payment).toMatchObject({
      object: 'payment',
      status: 'succeeded',
      amount: 250_000,
      currency: 'NGN',
      attempt: 1,
      provider: 'sandbox',
      failureCode: null,
    });
    expect(await payer.readInvoice(invoice.id)).toMatchObject({
      status: 'paid',
      amountPaid: 250_000,
      amountDue: 0,
    });
    expect(expectStatus(await payer.api.get(`/payments/${payment.id}`), 200)).toEqual(payment);
    for (const list of [
      `/payments?invoice=${invoice.id}`,
      `/payments?invoice=${invoice.number}`,
      `/payments?customer=${invoice.customerId}&status=succeeded`,
      `/customers/${invoice.customerId}/payments`,
    ]) {
      expect(expectStatus(await payer.api.get(list), 200).data).toEqual([payment]);
    }
  });

  it.each([
    ['pm_sandbox_declined', 'declined'],
    ['pm_sandbox_insufficient_funds', 'insufficient_funds'],
  ])('with %s answers a failed payment and leaves the invoice open for another try', async (token, code) => {
    const invoice = await payer.openInvoice(token);
    const declined = expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(declined).toMatchObject({ status: 'failed', failureCode: code });
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'open', amountDue: 250_000 });

    const method = expectStatus(
      await payer.api.post(`/customers/${invoice.customerId}/payment-methods`, {
        token: 'pm_sandbox_success',
      }),
      201,
    );
    const again = expectStatus(
      await payer.api.post(`/invoices/${invoice.id}/pay`, { paymentMethodId: method.id }),
      200,
    );
    expect(again).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('refuses what cannot be charged, with the reason', async () => {
    const bare = await payer.openInvoice(null);
    const refusals = [
      [await payer.api.post(`/invoices/${bare.id}/pay`), 409, 'no_payment_method'],
      [await payer.api.post(`/invoices/${bare.id}/pay`, { paymentMethodId: 'pm_x' }), 400, 'invalid_request'],
      [await payer.api.post('/invoices/inv_00000000000000000000000000/pay'), 404, 'not_found'],
    ] as const;
    for (const [response, status, code] of refusals) {
      expect(response.body).toMatchObject({ status, code });
    }
    const paid = await payer.openInvoice('pm_sandbox_success');
    expectStatus(await payer.api.post(`/invoices/${paid.id}/pay`), 200);
    expect((await payer.api.post(`/invoices/${paid.id}/pay`)).body).toMatchObject({
      code: 'invoice_not_open',
    });
  });

  it('ten times at once charges once', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => payer.api.post(`/invoices/${invoice.id}/pay`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect(status).toBe(409);
      expect(['invoice_payment_in_flight', 'invoice_not_open']).toContain(body.code);
    }
    expect(await payer.chargesOf(invoice.id)).toHaveLength(1);
    expect(await payer.paymentsOf(invoice.id)).toHaveLength(1);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid', amountPaid: 250_000 });
  });
});

describe('a charge that is pending', () => {
  it.each([
    ['pm_sandbox_pending_success', 'succeeded', 'paid', null],
    ['pm_sandbox_pending_failure', 'failed', 'open', 'declined'],
  ])('by %s ends as %s when its time has come', async (token, ending, invoiceStatus, failureCode) => {
    const invoice = await payer.openInvoice(token);
    const payment = expectStatus(await payer.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(payment.status).toBe('pending');
    expect((await payer.api.post(`/invoices/${invoice.id}/void`)).body.code).toBe(
      'invoice_payment_in_flight',
    );
    expect((await payer.api.post(`/invoices/${invoice.id}/mark-paid`)).body.code).toBe(
      'invoice_payment_in_flight',
    );

    await payer.moveClock(2);
    const ended = expectStatus(await payer.api.get(`/payments/${payment.id}`), 200);
    expect(ended).toMatchObject({ status: ending, failureCode });
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: invoiceStatus });
    expect(await payer.chargesOf(invoice.id)).toHaveLength(1);
  });
});

describe('the job that collects', () => {
  it('does nothing the second time, nor for an invoice that was voided meanwhile', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    await Promise.all([payer.runCollect(invoice.id), payer.runCollect(invoice.id)]);
    await payer.runCollect(invoice.id);
    expect(await payer.chargesOf(invoice.id)).toHaveLength(1);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid', amountPaid: 250_000 });

    const voided = await payer.openInvoice('pm_sandbox_success');
    expectStatus(await payer.api.post(`/invoices/${voided.id}/void`), 200);
    await payer.runCollect(voided.id);
    expect(await payer.chargesOf(voided.id)).toEqual([]);
  });

  it('has nothing to do for an invoice that went with its test data', async () => {
    await expect(payer.runCollect('inv_00000000000000000000000000')).resolves.toBeUndefined();
  });

  it('asks a card that said no once, however often it runs', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_insufficient_funds');
    await payer.runCollect(invoice.id);
    await payer.runCollect(invoice.id);
    await Promise.all([payer.runCollect(invoice.id), payer.runCollect(invoice.id)]);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'failed', attempt: 1 }]);
    expect(await payer.chargesOf(invoice.id)).toHaveLength(1);
  });

  it('charges once and ends paid when it dies between the charge and its record', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    payer.providers.use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await sandboxProvider.chargeSaved(ctx, charge);
        throw new Error('The process died here.');
      },
    });
    await expect(payer.runCollect(invoice.id)).rejects.toThrow('died');
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'open' });

    payer.providers.use(sandboxProvider);
    await payer.runCollect(invoice.id);
    expect(await payer.chargesOf(invoice.id)).toHaveLength(1);
    expect(await payer.paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('charges with the same reference when it died before the charge', async () => {
    const invoice = await payer.openInvoice('pm_sandbox_success');
    const dead: PaymentProvider = {
      ...sandboxProvider,
      chargeSaved: () => Promise.reject(new Error('The process died here.')),
    };
    payer.providers.use(dead);
    await expect(payer.runCollect(invoice.id)).rejects.toThrow('died');
    payer.providers.use(sandboxProvider);
    await payer.runCollect(invoice.id);
    expect(await payer.chargesOf(invoice.id)).toMatchObject([{ reference: referenceOf(invoice.id) }]);
    expect(await payer.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });
});
