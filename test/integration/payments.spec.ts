import type { PaymentProvider } from '@nova/core/features/payments/providers/payment-provider.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { sandboxProvider } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
});

afterEach(() => providers().use(sandboxProvider));

afterAll(() => nova.stop());

const providers = () => nova.app.get(PaymentProviders, { strict: false });

function inDatabase<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  return contexts.run({ tenantId: tenant.tenantId, mode: 'test', actor, requestId: null }, work);
}

/** An open invoice over ₦2,500.00 of a customer with this payment method. Nothing charges it by itself. */
async function openInvoice(token: string | null): Promise<ApiResponse['body']> {
  const customer = expectStatus(await tenant.api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
  if (token !== null) {
    expectStatus(await tenant.api.post(`/customers/${customer.id}/payment-methods`, { token }), 201);
  }
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  const draft = expectStatus(await tenant.api.post('/invoices', { customerId: customer.id, lines }), 201);
  return expectStatus(await tenant.api.post(`/invoices/${draft.id}/finalize`), 200);
}

const readInvoice = async (id: string) => expectStatus(await tenant.api.get(`/invoices/${id}`), 200);

const paymentsOf = async (invoiceId: string) =>
  expectStatus(await tenant.api.get(`/payments?invoice=${invoiceId}`), 200).data;

const chargesOf = (invoiceId: string) =>
  inDatabase((ctx) => ctx.db.sandboxCharge.findMany({ where: { reference: { startsWith: invoiceId } } }));

const runCollect = (invoiceId: string) =>
  inDatabase((ctx) =>
    nova.app.get(JobHandlers, { strict: false }).of('invoices.collect')(ctx, {
      tenantId: tenant.tenantId,
      mode: 'test',
      invoiceId,
    }),
  );

async function moveClock(minutes: number): Promise<void> {
  await nova.settle();
  const { now } = expectStatus(await tenant.api.get('/test-clock'), 200);
  const to = new Date(Date.parse(now) + minutes * 60_000).toISOString();
  expectStatus(await tenant.api.post('/test-clock/advance', { to }), 200);
}

describe('charging an invoice now', () => {
  it('pays it, and tells of the payment in every list', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    const payment = expectStatus(await tenant.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(payment).toMatchObject({
      object: 'payment',
      status: 'succeeded',
      amount: 250_000,
      currency: 'NGN',
      attempt: 1,
      provider: 'sandbox',
      failureCode: null,
    });
    expect(await readInvoice(invoice.id)).toMatchObject({
      status: 'paid',
      amountPaid: 250_000,
      amountDue: 0,
    });
    expect(expectStatus(await tenant.api.get(`/payments/${payment.id}`), 200)).toEqual(payment);
    for (const list of [
      `/payments?invoice=${invoice.id}`,
      `/payments?invoice=${invoice.number}`,
      `/payments?customer=${invoice.customerId}&status=succeeded`,
      `/customers/${invoice.customerId}/payments`,
    ]) {
      expect(expectStatus(await tenant.api.get(list), 200).data).toEqual([payment]);
    }
  });

  it.each([
    ['pm_sandbox_declined', 'declined'],
    ['pm_sandbox_insufficient_funds', 'insufficient_funds'],
  ])('with %s answers a failed payment and leaves the invoice open for another try', async (token, code) => {
    const invoice = await openInvoice(token);
    const declined = expectStatus(await tenant.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(declined).toMatchObject({ status: 'failed', failureCode: code });
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'open', amountDue: 250_000 });

    const method = expectStatus(
      await tenant.api.post(`/customers/${invoice.customerId}/payment-methods`, {
        token: 'pm_sandbox_success',
      }),
      201,
    );
    const again = expectStatus(
      await tenant.api.post(`/invoices/${invoice.id}/pay`, { paymentMethodId: method.id }),
      200,
    );
    expect(again).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('refuses what cannot be charged, with the reason', async () => {
    const bare = await openInvoice(null);
    const refusals = [
      [await tenant.api.post(`/invoices/${bare.id}/pay`), 409, 'no_payment_method'],
      [
        await tenant.api.post(`/invoices/${bare.id}/pay`, { paymentMethodId: 'pm_x' }),
        400,
        'invalid_request',
      ],
      [await tenant.api.post('/invoices/inv_00000000000000000000000000/pay'), 404, 'not_found'],
    ] as const;
    for (const [response, status, code] of refusals) {
      expect(response.body).toMatchObject({ status, code });
    }
    const paid = await openInvoice('pm_sandbox_success');
    expectStatus(await tenant.api.post(`/invoices/${paid.id}/pay`), 200);
    expect((await tenant.api.post(`/invoices/${paid.id}/pay`)).body).toMatchObject({
      code: 'invoice_not_open',
    });
  });

  it('ten times at once charges once', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tenant.api.post(`/invoices/${invoice.id}/pay`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect(status).toBe(409);
      expect(['invoice_payment_in_flight', 'invoice_not_open']).toContain(body.code);
    }
    expect(await chargesOf(invoice.id)).toHaveLength(1);
    expect(await paymentsOf(invoice.id)).toHaveLength(1);
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid', amountPaid: 250_000 });
  });
});

describe('a charge that is pending', () => {
  it.each([
    ['pm_sandbox_pending_success', 'succeeded', 'paid', null],
    ['pm_sandbox_pending_failure', 'failed', 'open', 'declined'],
  ])('by %s ends as %s when its time has come', async (token, ending, invoiceStatus, failureCode) => {
    const invoice = await openInvoice(token);
    const payment = expectStatus(await tenant.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(payment.status).toBe('pending');
    expect((await tenant.api.post(`/invoices/${invoice.id}/void`)).body.code).toBe(
      'invoice_payment_in_flight',
    );
    expect((await tenant.api.post(`/invoices/${invoice.id}/mark-paid`)).body.code).toBe(
      'invoice_payment_in_flight',
    );

    await moveClock(2);
    const ended = expectStatus(await tenant.api.get(`/payments/${payment.id}`), 200);
    expect(ended).toMatchObject({ status: ending, failureCode });
    expect(await readInvoice(invoice.id)).toMatchObject({ status: invoiceStatus });
    expect(await chargesOf(invoice.id)).toHaveLength(1);
  });
});

describe('the job that collects', () => {
  it('does nothing the second time, nor for an invoice that was voided meanwhile', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    await Promise.all([runCollect(invoice.id), runCollect(invoice.id)]);
    await runCollect(invoice.id);
    expect(await chargesOf(invoice.id)).toHaveLength(1);
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid', amountPaid: 250_000 });

    const voided = await openInvoice('pm_sandbox_success');
    expectStatus(await tenant.api.post(`/invoices/${voided.id}/void`), 200);
    await runCollect(voided.id);
    expect(await chargesOf(voided.id)).toEqual([]);
  });

  it('has nothing to do for an invoice that went with its test data', async () => {
    await expect(runCollect('inv_00000000000000000000000000')).resolves.toBeUndefined();
  });

  it('asks a card that said no once, however often it runs', async () => {
    const invoice = await openInvoice('pm_sandbox_insufficient_funds');
    await runCollect(invoice.id);
    await runCollect(invoice.id);
    await Promise.all([runCollect(invoice.id), runCollect(invoice.id)]);
    expect(await paymentsOf(invoice.id)).toMatchObject([{ status: 'failed', attempt: 1 }]);
    expect(await chargesOf(invoice.id)).toHaveLength(1);
  });

  it('charges once and ends paid when it dies between the charge and its record', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    providers().use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await sandboxProvider.chargeSaved(ctx, charge);
        throw new Error('The process died here.');
      },
    });
    await expect(runCollect(invoice.id)).rejects.toThrow('died');
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'open' });

    providers().use(sandboxProvider);
    await runCollect(invoice.id);
    expect(await chargesOf(invoice.id)).toHaveLength(1);
    expect(await paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('charges with the same reference when it died before the charge', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    const dead: PaymentProvider = {
      ...sandboxProvider,
      chargeSaved: () => Promise.reject(new Error('The process died here.')),
    };
    providers().use(dead);
    await expect(runCollect(invoice.id)).rejects.toThrow('died');
    providers().use(sandboxProvider);
    await runCollect(invoice.id);
    expect(await chargesOf(invoice.id)).toMatchObject([{ reference: `${invoice.id}-1` }]);
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });
});

describe('an attempt whose process died before the charge', () => {
  /** Leaves an attempt behind of which the provider never heard. */
  async function dieBeforeCharge(invoiceId: string): Promise<void> {
    providers().use({ ...sandboxProvider, chargeSaved: () => Promise.reject(new Error('It died here.')) });
    await tenant.api.post(`/invoices/${invoiceId}/pay`);
    expect(await paymentsOf(invoiceId)).toMatchObject([{ status: 'created' }]);
  }

  it('is made when it is asked after, though no job comes for it', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    await dieBeforeCharge(invoice.id);
    providers().use(sandboxProvider);
    await moveClock(2);
    expect(await paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
    expect(await chargesOf(invoice.id)).toMatchObject([{ reference: `${invoice.id}-1` }]);
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('does not charge a payment method that was detached meanwhile, by no way', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    await dieBeforeCharge(invoice.id);
    const [{ paymentMethodId }] = await paymentsOf(invoice.id);
    expectStatus(await tenant.api.delete(`/payment-methods/${paymentMethodId}`), 204);
    providers().use(sandboxProvider);
    await runCollect(invoice.id);
    await moveClock(24 * 60);
    expect(await chargesOf(invoice.id)).toEqual([]);
    expect(await paymentsOf(invoice.id)).toMatchObject([{ status: 'failed' }]);
    expectStatus(await tenant.api.post(`/invoices/${invoice.id}/void`), 200);
  });

  it('ends when the charge can never be made', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    await dieBeforeCharge(invoice.id);
    await moveClock(3 * 24 * 60);
    expect(await paymentsOf(invoice.id)).toMatchObject([
      { status: 'failed', failureCode: 'verification_timeout' },
    ]);
    expectStatus(await tenant.api.post(`/invoices/${invoice.id}/void`), 200);
  });
});

describe('a charge of unknown outcome', () => {
  const unknown = { kind: 'unknown', message: 'timed out' } as const;

  it('is not failed: it is found out and settles the invoice', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    providers().use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await sandboxProvider.chargeSaved(ctx, charge);
        return unknown;
      },
    });
    const payment = expectStatus(await tenant.api.post(`/invoices/${invoice.id}/pay`), 200);
    expect(payment.status).toBe('pending');
    await moveClock(2);
    expect(await paymentsOf(invoice.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await chargesOf(invoice.id)).toHaveLength(1);
  });

  it('fails only when the provider, asked for hours, never came to know of it', async () => {
    const invoice = await openInvoice('pm_sandbox_success');
    providers().use({ ...sandboxProvider, chargeSaved: () => Promise.resolve(unknown) });
    const payment = expectStatus(await tenant.api.post(`/invoices/${invoice.id}/pay`), 200);
    await moveClock(10);
    expect(expectStatus(await tenant.api.get(`/payments/${payment.id}`), 200).status).toBe('pending');
    await moveClock(2 * 24 * 60);
    expect(expectStatus(await tenant.api.get(`/payments/${payment.id}`), 200)).toMatchObject({
      status: 'failed',
      failureCode: 'verification_timeout',
    });
    providers().use(sandboxProvider);
    expect(expectStatus(await tenant.api.post(`/invoices/${invoice.id}/pay`), 200)).toMatchObject({
      status: 'succeeded',
      attempt: 2,
    });
  });

  it('that fails to be asked after does not keep the others from being asked', async () => {
    const broken = await openInvoice('pm_sandbox_pending_success');
    const fine = await openInvoice('pm_sandbox_pending_success');
    for (const { id } of [broken, fine]) expectStatus(await tenant.api.post(`/invoices/${id}/pay`), 200);
    providers().use({
      ...sandboxProvider,
      verify: (ctx, reference) =>
        reference.startsWith(broken.id)
          ? Promise.reject(new Error('unreadable answer'))
          : sandboxProvider.verify(ctx, reference),
    });
    await moveClock(2);
    expect(await readInvoice(fine.id)).toMatchObject({ status: 'paid' });
    expect(await readInvoice(broken.id)).toMatchObject({ status: 'open' });
    providers().use(sandboxProvider);
    await moveClock(10);
    expect(await readInvoice(broken.id)).toMatchObject({ status: 'paid' });
  });
});
