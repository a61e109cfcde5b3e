import { newId } from '@nova/core/platform/ids/new-id.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';

import { type ApiResponse, expectStatus } from './api.js';
import { type Bench, BENCHES, type Fake } from './contract-benches.js';
import { startNova, type Nova, type TestTenant } from './nova.js';

/** What every invoice of the suite is over: 2,500.00. */
export const AMOUNT = 250_000;

/** A platform with a tenant that has an account at every provider's fake, and what the contract suite does there. */
export class ContractWorld {
  private constructor(
    readonly nova: Nova,
    readonly tenant: TestTenant,
    private readonly fakes: ReadonlyMap<string, Fake>,
  ) {}

  static async start(): Promise<ContractWorld> {
    const fakes = new Map(
      await Promise.all(BENCHES.map(async (bench) => [bench.name, await bench.start()] as const)),
    );
    const url = (name: string) => fakes.get(name)?.url ?? '';
    const nova = await startNova({
      env: {
        PAYSTACK_URL: url('paystack'),
        FLUTTERWAVE_URL: `${url('flutterwave')}/v3`,
        MPESA_URL: url('mpesa'),
        MPESA_SANDBOX_URL: url('mpesa'),
        STRIPE_URL: url('stripe'),
      },
    });
    const tenant = await nova.tenant();
    for (const { name, credentials } of BENCHES) {
      expectStatus(await tenant.api.post('/payment-providers', { provider: name, credentials }), 201);
    }
    return new ContractWorld(nova, tenant, fakes);
  }

  async stop(): Promise<void> {
    await this.nova.stop();
    await Promise.all([...this.fakes.values()].map((fake) => fake.stop()));
  }

  fakeOf(name: string): Fake {
    const fake = this.fakes.get(name);
    if (!fake) throw new Error(`There is no fake ${name}.`);
    return fake;
  }

  inDatabase<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> {
    const contexts = this.nova.app.get(TenantContexts, { strict: false });
    const actor = { type: 'system', id: 'spec' } as const;
    return contexts.run({ tenantId: this.tenant.tenantId, mode: 'test', actor, requestId: null }, work);
  }

  /** An open invoice of a customer who has saved a method of the provider's. */
  async openInvoice({ name, currency, token, email }: Bench): Promise<string> {
    const { api } = this.tenant;
    const customer = expectStatus(await api.post('/customers', { name: 'Asha', currency }), 201);
    await this.inDatabase((ctx) =>
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
    const { id } = expectStatus(await api.post('/invoices', body), 201);
    expectStatus(await api.post(`/invoices/${id}/finalize`), 200);
    return id;
  }

  async pay(invoiceId: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.tenant.api.post(`/invoices/${invoiceId}/pay`, {}), 200);
  }

  async readInvoice(invoiceId: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.tenant.api.get(`/invoices/${invoiceId}`), 200);
  }

  async paymentsOf(invoiceId: string): Promise<ApiResponse['body'][]> {
    return expectStatus(await this.tenant.api.get(`/payments?invoice=${invoiceId}`), 200).data;
  }

  async refundsOf(invoiceId: string): Promise<ApiResponse['body'][]> {
    return expectStatus(await this.tenant.api.get(`/refunds?invoice=${invoiceId}`), 200).data;
  }

  async credit(invoiceId: string, amount: number): Promise<void> {
    expectStatus(await this.tenant.api.post('/credit-notes', { invoiceId, amount, to: 'refund' }), 201);
  }

  /** Lets so much time pass on the tenant's clock that whatever is due is asked after. */
  async pass(minutes: number): Promise<void> {
    await this.nova.settle();
    const { now } = expectStatus(await this.tenant.api.get('/test-clock'), 200);
    const to = new Date(Date.parse(now) + minutes * 60_000).toISOString();
    expectStatus(await this.tenant.api.post('/test-clock/advance', { to }), 200);
    await this.nova.settle();
  }

  /** What the provider holds of an invoice's money, by its own log, and what our books say of the same. */
  async holdings(bench: Bench, invoiceId: string): Promise<{ provider: bigint; books: bigint }> {
    const { truth } = this.fakeOf(bench.name);
    truth.assertSound();
    const payments = await this.paymentsOf(invoiceId);
    const net = payments.reduce((sum, { reference }) => sum + truth.net(bench.truthName(reference)), 0n);
    return { provider: net * bench.minorPerUnit, books: await this.booked(invoiceId) };
  }

  /** What came and was not given back, as our books have it. */
  async booked(invoiceId: string): Promise<bigint> {
    const ended = (rows: { status: string; amount: number }[]) =>
      rows
        .filter(({ status }) => status === 'succeeded')
        .reduce((total, { amount }) => total + BigInt(amount), 0n);
    return ended(await this.paymentsOf(invoiceId)) - ended(await this.refundsOf(invoiceId));
  }
}
