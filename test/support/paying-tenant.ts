import { askAfterPayment } from '@nova/core/features/payments/ask-after-payment.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { toUnmatchedPaymentWire } from '@nova/core/features/unmatched-payments/unmatched-payment-wire.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { expect } from 'vitest';

import { expectStatus, type ApiResponse } from './api.js';
import { startNova, type Nova, type TestTenant } from './nova.js';

/** A platform with one tenant, and what tests of payments do there again and again. */
export class PayingTenant {
  private constructor(
    private readonly nova: Nova,
    private readonly tenant: TestTenant,
  ) {}

  static async start(): Promise<PayingTenant> {
    const nova = await startNova();
    return new PayingTenant(nova, await nova.tenant());
  }

  get api() {
    return this.tenant.api;
  }

  get providers(): PaymentProviders {
    return this.nova.app.get(PaymentProviders, { strict: false });
  }

  stop(): Promise<void> {
    return this.nova.stop();
  }

  /** An open invoice over ₦2,500.00 of a customer with this payment method. Nothing charges it by itself. */
  async openInvoice(token: string | null): Promise<ApiResponse['body']> {
    const customer = expectStatus(await this.api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
    if (token !== null) {
      expectStatus(await this.api.post(`/customers/${customer.id}/payment-methods`, { token }), 201);
    }
    const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
    const draft = expectStatus(await this.api.post('/invoices', { customerId: customer.id, lines }), 201);
    return expectStatus(await this.api.post(`/invoices/${draft.id}/finalize`), 200);
  }

  async readInvoice(id: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.api.get(`/invoices/${id}`), 200);
  }

  async paymentsOf(invoiceId: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.api.get(`/payments?invoice=${invoiceId}`), 200).data;
  }

  /** Money that came for an invoice and was parked. */
  unmatchedOf(invoiceId: string) {
    return this.inDatabase(async (ctx) => {
      const rows = await ctx.db.unmatchedPayment.findMany({ where: { invoiceId }, orderBy: { id: 'asc' } });
      return rows.map(toUnmatchedPaymentWire);
    });
  }

  /** Asks the provider of a payment now what became of it. */
  ask(paymentId: string) {
    return this.inDatabase((ctx) => askAfterPayment(ctx, this.providers, paymentId));
  }

  /** What the sandbox charged for an invoice, by its own books. */
  chargesOf(invoiceId: string) {
    return this.inDatabase((ctx) =>
      ctx.db.sandboxCharge.findMany({ where: { reference: { contains: invoiceId.slice('inv_'.length) } } }),
    );
  }

  /** Runs the job that collects, as the queue would. */
  runCollect(invoiceId: string): Promise<void> {
    const collect = this.nova.app.get(JobHandlers, { strict: false }).of('invoices.collect');
    const { tenantId } = this.tenant;
    return this.inDatabase((ctx) => collect(ctx, { tenantId, mode: 'test', invoiceId }));
  }

  async moveClock(minutes: number): Promise<void> {
    await this.nova.settle();
    const { now } = expectStatus(await this.api.get('/test-clock'), 200);
    const to = new Date(Date.parse(now) + minutes * 60_000).toISOString();
    expectStatus(await this.api.post('/test-clock/advance', { to }), 200);
  }

  inDatabase<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> {
    const contexts = this.nova.app.get(TenantContexts, { strict: false });
    const actor = { type: 'system', id: 'spec' } as const;
    return contexts.run({ tenantId: this.tenant.tenantId, mode: 'test', actor, requestId: null }, work);
  }
}

/** What the reference of the first attempt at an invoice looks like: before it stands the tenant database. */
export function referenceOf(invoiceId: string): unknown {
  return expect.stringMatching(new RegExp(`^[0-9a-z]{26}-${invoiceId.slice('inv_'.length)}-1$`));
}
