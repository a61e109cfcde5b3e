import { createServer, type AddressInfo } from 'node:net';

import { type Api, type ApiResponse, expectStatus } from './api.js';
import { BENCHES, type Bench, type Fake } from './contract-benches.js';
import { eventually } from './eventually.js';
import { Payer } from './payer.js';
import { startNova, type Nova, type TestTenant } from './nova.js';

/** A platform whose address is known before it starts, as providers and browsers need it, with a fake of every provider. */
export class PayShop {
  private constructor(
    readonly nova: Nova,
    readonly tenant: TestTenant,
    private readonly fakes: ReadonlyMap<string, Fake>,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<PayShop> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const fakes = new Map(
      await Promise.all(BENCHES.map(async (bench) => [bench.name, await bench.start()] as const)),
    );
    const at = (name: string) => fakes.get(name)?.url ?? '';
    const nova = await startNova({
      port,
      env: {
        PUBLIC_URL: url,
        PAYSTACK_URL: at('paystack'),
        FLUTTERWAVE_URL: `${at('flutterwave')}/v3`,
        MPESA_URL: at('mpesa'),
        MPESA_SANDBOX_URL: at('mpesa'),
        STRIPE_URL: at('stripe'),
        ...env,
      },
    });
    return new PayShop(nova, await nova.tenant({ company: 'Savannah Coffee' }), fakes);
  }

  async stop(): Promise<void> {
    await this.nova.stop();
    await Promise.all([...this.fakes.values()].map((fake) => fake.stop()));
  }

  fake(name: string): Fake {
    const fake = this.fakes.get(name);
    if (!fake) throw new Error(`There is no fake ${name}.`);
    return fake;
  }

  /** Gives the tenant accounts with these providers, the first of them first. */
  async takeMoneyBy(...names: string[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      const account = { provider: name, credentials: benchOf(name).credentials, priority: index + 1 };
      expectStatus(await this.tenant.api.post('/payment-providers', account), 201);
    }
  }

  /** An open invoice over 2,500.00 that waits for its customer. */
  invoice(
    currency: 'NGN' | 'KES' | 'USD',
    customer: Record<string, unknown> = { email: 'asha@acme.example' },
  ): Promise<ApiResponse['body']> {
    return openInvoice(this.tenant.api, { currency, customer });
  }

  /** Lets so much time pass on the tenant's clock that whatever is due is done. */
  async pass(minutes: number): Promise<void> {
    await this.nova.settle();
    const { now } = expectStatus(await this.tenant.api.get('/test-clock'), 200);
    const to = new Date(Date.parse(now) + minutes * 60_000).toISOString();
    const answer = await this.tenant.api.post('/test-clock/advance', { to });
    if (answer.status !== 202) expectStatus(answer, 200);
    await eventually(
      async () => {
        const clock = expectStatus(await this.tenant.api.get('/test-clock'), 200);
        if (clock.advancingTo !== null) throw new Error(`The clock is on its way to ${to}.`);
      },
      { withinMs: 120_000 },
    );
    await this.nova.settle();
  }

  /** Pays on a page of ours, at the provider's, and comes back until that is known here. */
  async payOn(page: string, fields: { provider: string } & Record<string, string>): Promise<void> {
    const payer = new Payer();
    const checkout = await payer.send(page, fields);
    const back = await payer.press(checkout, fields.provider === 'stripe' ? 'card' : 'pay');
    await eventually(async () => {
      const { text } = await payer.open(back.url);
      if (!text.includes('Thank you')) throw new Error(text);
    });
  }

  async readInvoice(id: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.tenant.api.get(`/invoices/${id}`), 200);
  }

  async paymentsOf(invoiceId: string): Promise<ApiResponse['body'][]> {
    return expectStatus(await this.tenant.api.get(`/payments?invoice=${invoiceId}`), 200).data;
  }
}

export async function openInvoice(
  api: Api,
  { currency, customer }: { currency: string; customer: Record<string, unknown> },
): Promise<ApiResponse['body']> {
  const { id: customerId } = expectStatus(
    await api.post('/customers', { name: 'Asha Wanjiru', currency, ...customer }),
    201,
  );
  const lines = [
    { description: 'Roasted beans, 5 kg', quantity: '2', unitAmount: '100000' },
    { description: 'Delivery', quantity: '1', unitAmount: '50000' },
  ];
  const draft = expectStatus(await api.post('/invoices', { customerId, lines, netTermsDays: 14 }), 201);
  return expectStatus(await api.post(`/invoices/${draft.id}/finalize`), 200);
}

export function benchOf(name: string): Bench {
  const bench = BENCHES.find((known) => known.name === name);
  if (!bench) throw new Error(`There is no provider ${name}.`);
  return bench;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
