import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { recordOutcome } from '@nova/core/features/payments/record-outcome.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

const sandboxProvider = sandboxProviderAt('https://nova.example');

type Body = ApiResponse['body'];

let nova: Nova;
let tenant: TestTenant;
let api: Api;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  api = tenant.api;
  const components = [{ code: 'VAT', name: 'VAT', rate: '20' }];
  expectStatus(await api.post('/tax-rates', { name: 'VAT', country: 'NG', components }), 201);
});

afterAll(() => nova.stop());

const made = async (path: string, body: unknown): Promise<Body> =>
  expectStatus(await api.post(path, body), 201);
const read = async (path: string): Promise<Body> => expectStatus(await api.get(path), 200);
const act = async (path: string, body: unknown = {}): Promise<Body> =>
  expectStatus(await api.post(path, body), 200);
const statuses = (answers: ApiResponse[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

async function customer(card: string | null = null): Promise<string> {
  const { id } = await made('/customers', { name: 'Ada', currency: 'NGN', country: 'NG' });
  if (card) await made(`/customers/${id}/payment-methods`, { token: card });
  return id;
}

async function issued(customerId: string, unitAmount: string): Promise<Body> {
  const lines = [{ description: 'Work', unitAmount }];
  const { id } = await made('/invoices', { customerId, currency: 'NGN', lines });
  return act(`/invoices/${id}/finalize`);
}

const wallet = (customerId: string, more: object = {}): Promise<Body> =>
  made('/wallets', { customerId, name: 'Credit', ...more });
const give = (id: string, amount: number, more: object = {}): Promise<Body> =>
  made(`/wallets/${id}/top-ups`, { amount, kind: 'free', ...more });

describe('a wallet', () => {
  it('is there once its top-up is paid, untaxed, and is drawn from after tax by priority and expiry', async () => {
    const customerId = await customer();
    const main = await wallet(customerId, { externalId: 'main' });
    const first = await wallet(customerId, { priority: 10 });
    const topUp = await made('/wallets/main/top-ups', { amount: 10_000 });
    expect(topUp).toMatchObject({ kind: 'paid', status: 'pending', remaining: 0 });
    expect(await read(`/invoices/${topUp.invoiceId}`)).toMatchObject({
      billingReason: 'wallet_top_up',
      total: 10_000,
      taxTotal: 0,
      status: 'open',
    });
    expect((await read('/wallets/main')).balance).toBe(0);
    await act(`/invoices/${topUp.invoiceId}/mark-paid`);
    expect((await read('/wallets/main')).balance).toBe(10_000);
    await give(first.id, 1_000);
    const soon = await give(main.id, 500, { expiresAt: '2999-01-01T00:00:00Z' });

    const invoice = await issued(customerId, '10000');
    expect(invoice).toMatchObject({ total: 12_000, amountDue: 500, status: 'open' });
    const draws = (await read(`/wallets/main/entries?invoice=${invoice.id}&sort=createdAt`)).data;
    expect(draws.map(({ topUpId, amount }: Body) => [topUpId, amount])).toEqual([
      [soon.id, -500],
      [topUp.id, -10_000],
    ]);
    expect((await read(`/wallets/${first.id}`)).balance).toBe(0);
    const depleted = (await read(`/events?type=wallet.depleted&objectId=${main.id}`)).data;
    expect(depleted).toHaveLength(1);

    await act(`/invoices/${invoice.id}/void`);
    expect((await read('/wallets/main')).balance).toBe(10_500);
    expect((await read(`/wallets/${first.id}`)).balance).toBe(1_000);
  });

  it('gives a refunded top-up back as far as it is not used, and no further', async () => {
    const customerId = await customer('pm_sandbox_success');
    const { id } = await wallet(customerId);
    const topUp = await made(`/wallets/${id}/top-ups`, { amount: 5_000 });
    const pending = await api.post('/credit-notes', { invoiceId: topUp.invoiceId });
    expect(expectStatus(pending, 409).code).toBe('wallet_top_up_pending');
    await nova.settle();
    expect((await read(`/wallets/${id}`)).balance).toBe(5_000);
    await issued(customerId, '1000');
    const all = await api.post('/credit-notes', { invoiceId: topUp.invoiceId, to: 'refund' });
    expect(expectStatus(all, 409).code).toBe('wallet_credit_used');
    const part = { invoiceId: topUp.invoiceId, amount: 3_800, to: 'refund' };
    expect(await made('/credit-notes', part)).toMatchObject({ toRefund: 3_800 });
    expect((await read(`/wallets/${id}`)).balance).toBe(0);
  });

  it('is closed for good: what was paid goes to the balance', async () => {
    const customerId = await customer();
    const { id } = await wallet(customerId);
    const topUp = await made(`/wallets/${id}/top-ups`, { amount: 700 });
    expect(expectStatus(await api.post(`/wallets/${id}/close`), 409).code).toBe('wallet_top_up_pending');
    await act(`/invoices/${topUp.invoiceId}/mark-paid`);
    await give(id, 300);
    expect(await act(`/wallets/${id}/close`)).toMatchObject({ status: 'closed', balance: 0 });
    const { balances } = await read(`/customers/${customerId}/balance`);
    expect(balances).toMatchObject([{ currency: 'NGN', amount: 700 }]);
    expectStatus(await api.post(`/wallets/${id}/top-ups`, { amount: 1 }), 409);
    expectStatus(await api.patch(`/wallets/${id}`, { name: 'B' }), 409);
  });

  it('is shared by invoices that are issued at once, and topped up by its rule once', async () => {
    const customerId = await customer();
    const { id } = await wallet(customerId, { autoTopUp: { threshold: 500, amount: 1_000 } });
    await nova.settle();
    await give(id, 1_000);
    const both = await Promise.all([1, 2, 3].map(() => issued(customerId, '500')));
    expect(both.map(({ amountDue }) => amountDue).toSorted((a, b) => a - b)).toEqual([0, 200, 600]);
    await nova.settle();
    const topUps = (await read(`/wallets/${id}/top-ups?status=pending`)).data;
    expect(topUps).toMatchObject([{ amount: 1_000, kind: 'paid' }]);
    await act(`/invoices/${topUps[0].invoiceId}/void`);
    expect((await read(`/wallets/${id}/top-ups?status=canceled`)).data).toHaveLength(1);
  });
});

describe('a refund', () => {
  async function refunded(card: string): Promise<Body> {
    const invoice = await issued(await customer(card), '1000');
    await act(`/invoices/${invoice.id}/pay`);
    const note = await made('/credit-notes', { invoiceId: invoice.id, to: 'refund' });
    await nova.settle();
    return (await read(`/refunds?creditNote=${note.id}`)).data[0];
  }

  it('waits for its provider, and is told by asking', async () => {
    const refund = await refunded('pm_sandbox_refund_pending');
    expect(refund).toMatchObject({ status: 'pending', amount: 1_200 });
    expectStatus(await api.post('/test-clock/advance', { days: 1 }), 200);
    await nova.settle();
    expect(await read(`/refunds/${refund.id}`)).toMatchObject({ status: 'succeeded' });
  });

  it('that failed is tried again, once, by hand', async () => {
    const refund = await refunded('pm_sandbox_refund_failure');
    expect(refund).toMatchObject({ status: 'failed', failureCode: 'refund_refused' });
    const tried = await Promise.all(
      [1, 2].map(() => api.post(`/refunds/${refund.id}/retry`, { by: 'hand' })),
    );
    expect(statuses(tried)).toEqual([201, 409]);
    const again = tried.find(({ status }) => status === 201)?.body;
    expect(again).toMatchObject({ provider: 'manual', status: 'pending', amount: 1_200 });
    expect(await act(`/refunds/${again.id}/mark-paid`, { note: 'Transfer 8814' })).toMatchObject({
      status: 'succeeded',
      note: 'Transfer 8814',
    });
    expectStatus(await api.post(`/refunds/${again.id}/mark-paid`), 409);
  });

  it('of unknown outcome is asked after, and made once', async () => {
    const providers = nova.app.get(PaymentProviders, { strict: false });
    let calls = 0;
    providers.use({
      ...sandboxProvider,
      refund: async (ctx, order) => {
        calls += 1;
        await sandboxProvider.refund(ctx, order);
        return { kind: 'unknown', message: 'The line was cut.' };
      },
    });
    const refund = await refunded('pm_sandbox_success');
    providers.use(sandboxProvider);
    expect(refund).toMatchObject({ status: 'pending' });
    expectStatus(await api.post('/test-clock/advance', { days: 1 }), 200);
    await nova.settle();
    expect(await read(`/refunds/${refund.id}`)).toMatchObject({ status: 'succeeded' });
    expect(calls).toBe(1);
  });

  it('takes out of the balance what a note had put there, never twice', async () => {
    const customerId = await customer('pm_sandbox_success');
    const invoice = await issued(customerId, '1000');
    const payment = await act(`/invoices/${invoice.id}/pay`);
    const refund = (amount?: number) => api.post(`/payments/${payment.id}/refunds`, { amount });
    expect(expectStatus(await refund(), 409).code).toBe('payment_not_refundable');
    await made('/credit-notes', { invoiceId: invoice.id, amount: 600 });
    expect(statuses(await Promise.all([refund(600), refund(600)]))).toEqual([201, 409]);
    expect((await read(`/customers/${customerId}/balance`)).balances[0].amount).toBe(0);
    expectStatus(await refund(1_201), 409);
    expect(await made('/credit-notes', { invoiceId: invoice.id, to: 'refund' })).toMatchObject({
      toRefund: 600,
    });
  });
});

describe('money that came for nothing', () => {
  it('is given back without a credit note, all of it and once', async () => {
    const customerId = await customer('pm_sandbox_declined');
    const invoice = await issued(customerId, '1000');
    const payment = await act(`/invoices/${invoice.id}/pay`);
    await act(`/invoices/${invoice.id}/mark-paid`);
    // The bank has changed its mind: the money that it had refused came after all.
    const actor = { type: 'system', id: 'spec' } as const;
    await nova.app
      .get(TenantContexts, { strict: false })
      .run({ tenantId: tenant.tenantId, mode: 'test', actor, requestId: null }, async (ctx) => {
        const { reference, amount, currency } = payment;
        const charge = await ctx.db.sandboxCharge.update({
          where: { reference },
          data: { status: 'succeeded' },
        });
        const came = { providerPaymentId: charge.id, amount: BigInt(amount), currency };
        return recordOutcome(ctx, payment.id, { kind: 'succeeded', ...came });
      });
    const refund = await made(`/payments/${payment.id}/refunds`, {});
    expect(refund).toMatchObject({ amount: 1_200, creditNoteId: null, status: 'pending' });
    await nova.settle();
    expect(await read(`/refunds/${refund.id}`)).toMatchObject({ status: 'succeeded' });
    expectStatus(await api.post(`/payments/${payment.id}/refunds`, { amount: 1 }), 409);
    expect((await read(`/invoices/${invoice.id}`)).status).toBe('paid');
  });
});

describe('a payment that is under way', () => {
  it('is not crossed by a credit note', async () => {
    const customerId = await customer('pm_sandbox_pending_success');
    const invoice = await issued(customerId, '1000');
    await act(`/invoices/${invoice.id}/pay`);
    const crossing = await api.post('/credit-notes', { invoiceId: invoice.id });
    expect(expectStatus(crossing, 409).code).toBe('invoice_payment_in_flight');
    expectStatus(await api.post('/test-clock/advance', { days: 1 }), 200);
    await nova.settle();
    expect(await made('/credit-notes', { invoiceId: invoice.id })).toMatchObject({ toBalance: 1_200 });
  });
});

it('leaves books that verify', async () => {
  await nova.settle();
  const deps = nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
  const results = await verifyTenants(deps, { tenantId: tenant.tenantId, modes: ['test'] });
  expect(results).toMatchObject([{ status: 'ok', verification: { findings: [] } }]);
});
