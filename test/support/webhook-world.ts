import { beginCheckout } from '@nova/core/features/payments/begin-checkout.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { anyFreePort } from '@nova/core/platform/embedded/free-port.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';

import { FLUTTERWAVE_DEMO } from '../fakes/flutterwave/options.js';
import { startFlutterwaveFake } from '../fakes/flutterwave/start-flutterwave-fake.js';
import { startMpesaFake } from '../fakes/mpesa/start-mpesa-fake.js';
import { startPaystackFake } from '../fakes/paystack/start-paystack-fake.js';
import { STRIPE_DEMO } from '../fakes/stripe/options.js';
import { startStripeFake } from '../fakes/stripe/start-stripe-fake.js';
import { type ApiResponse, expectStatus } from './api.js';
import { BENCHES, type Bench } from './contract-benches.js';
import { eventually } from './eventually.js';
import { startNova, type Nova, type StartOptions, type TestTenant } from './nova.js';

export type Provider = 'paystack' | 'flutterwave' | 'mpesa' | 'stripe';

/** A payment that a customer has begun and not made yet. */
export interface Begun {
  readonly id: string;
  readonly invoiceId: string;
  readonly reference: string;
  readonly providerPaymentId: string | null;
  readonly actionUrl: string | null;
  readonly amount: bigint;
}

/** An answer to a webhook. */
export interface Received {
  readonly status: number;
  readonly body: ApiResponse['body'];
  readonly headers: Headers;
}

/**
 * A platform whose providers are fakes that send their own webhooks to it over HTTP. They are held back until a test lets
 * them go, so that it decides about their order.
 */
export class WebhookWorld {
  private payments = 0;

  private constructor(
    readonly nova: Nova,
    readonly fakes: Awaited<ReturnType<typeof startFakes>>,
    readonly tenant: TestTenant,
    /** Where each provider's webhooks go. */
    readonly addresses: Record<string, string>,
  ) {}

  static async start(options: StartOptions = {}): Promise<WebhookWorld> {
    const addresses: Record<string, string> = {};
    const fakes = await startFakes((provider) => addresses[provider] ?? null);
    const port = await anyFreePort('127.0.0.1');
    const nova = await startNova({ ...options, port, env: environmentOf(fakes, port, options.env) });
    const tenant = await nova.tenant();
    const world = new WebhookWorld(nova, fakes, tenant, addresses);
    Object.assign(addresses, await world.addAccounts(tenant));
    world.holdBack();
    return world;
  }

  /** Opens an account of a tenant's with every provider. Two tenants have the same keys: one merchant is at the fakes. */
  async addAccounts(tenant: TestTenant): Promise<Record<string, string>> {
    const addresses: Record<string, string> = {};
    for (const { name: provider, credentials } of BENCHES) {
      const made = await tenant.api.post('/payment-providers', { provider, credentials });
      addresses[provider] = expectStatus(made, 201).webhookUrl;
    }
    return addresses;
  }

  holdBack(): void {
    for (const fake of Object.values(this.fakes)) {
      fake.control.webhooks.clear();
      fake.control.webhooks.dispatch = 'held';
    }
  }

  async stop(): Promise<void> {
    await this.nova.stop();
    await Promise.all(Object.values(this.fakes).map((fake) => fake.stop()));
  }

  /** An open invoice, of another sum each time: M-Pesa asks a phone for the same sum once in two minutes. */
  async openInvoice(provider: Provider, tenant = this.tenant): Promise<ApiResponse['body']> {
    const { currency, email, phone } = benchOf(provider);
    const customer = await tenant.api.post('/customers', {
      name: 'Asha',
      currency,
      email: email ?? 'asha@acme.example',
      ...(phone === null ? {} : { phone: `+${phone}` }),
    });
    const unitAmount = String(250_000 + this.payments++ * 100);
    const lines = [{ description: 'Work', quantity: '1', unitAmount }];
    const body = { customerId: expectStatus(customer, 201).id, lines, collectionMethod: 'send_invoice' };
    const draft = expectStatus(await tenant.api.post('/invoices', body), 201);
    return expectStatus(await tenant.api.post(`/invoices/${draft.id}/finalize`), 200);
  }

  /** A payment of a new invoice that waits for its customer. */
  async begin(provider: Provider, tenant = this.tenant): Promise<Begun> {
    const { id: invoiceId } = await this.openInvoice(provider, tenant);
    return this.inDatabase(
      (ctx) =>
        beginCheckout(ctx, this.nova.app.get(PaymentProviders, { strict: false }), {
          invoiceId,
          provider,
          savesMethod: false,
          returnUrl: `${this.nova.url}/back`,
        }),
      tenant,
    );
  }

  /** The customer pays at the provider, which has something to tell then. */
  async pay(provider: Provider, { reference, providerPaymentId, actionUrl }: Begun): Promise<void> {
    const { paystack, mpesa, stripe } = this.fakes;
    if (provider === 'paystack') await paystack.control.advance({ ref: reference, to: 'success' });
    if (provider === 'mpesa') await mpesa.control.advance({ ref: benchOf('mpesa').token, to: '0' });
    if (provider === 'stripe') await stripe.control.advance({ id: providerPaymentId, to: 'card' });
    if (provider === 'flutterwave') {
      await fetch(`${actionUrl}/pay`, { method: 'POST', redirect: 'manual' });
    }
  }

  /** Sends bytes to a path below `/api/webhooks`, or to an address. */
  async send(to: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Received> {
    const url = to.startsWith('http') ? to : `${this.nova.url}/api/webhooks/${to}`;
    const sent = { 'content-type': 'application/json', ...headers };
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const response = await fetch(url, { method: 'POST', headers: sent, body: bytes });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
      headers: response.headers,
    };
  }

  inDatabase<T>(work: (ctx: TenantContext) => Promise<T>, { tenantId } = this.tenant): Promise<T> {
    const contexts = this.nova.app.get(TenantContexts, { strict: false });
    const actor = { type: 'system', id: 'spec' } as const;
    return contexts.run({ tenantId, mode: 'test', actor, requestId: null }, work);
  }

  /** What is kept of webhooks, in the order in which they came. */
  async log(query = '', tenant = this.tenant): Promise<ApiResponse['body'][]> {
    const path = `/provider-webhooks?sort=createdAt&limit=100${query}`;
    return expectStatus(await tenant.api.get(path), 200).data;
  }

  async readPayment(id: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.tenant.api.get(`/payments/${id}`), 200);
  }

  async readInvoice(id: string): Promise<ApiResponse['body']> {
    return expectStatus(await this.tenant.api.get(`/invoices/${id}`), 200);
  }

  async moveClock(minutes: number): Promise<void> {
    await this.nova.settle();
    const { now } = expectStatus(await this.tenant.api.get('/test-clock'), 200);
    const to = new Date(Date.parse(now) + minutes * 60_000).toISOString();
    const answer = await this.tenant.api.post('/test-clock/advance', { to });
    // On a busy machine a long way is gone on with as a job.
    if (answer.status !== 202) expectStatus(answer, 200);
    await eventually(
      async () => {
        const { advancingTo } = expectStatus(await this.tenant.api.get('/test-clock'), 200);
        if (advancingTo !== null) throw new Error(`The clock is on its way to ${advancingTo}.`);
      },
      { withinMs: 120_000 },
    );
    await this.nova.settle();
  }
}

export function benchOf(provider: Provider): Bench {
  const bench = BENCHES.find(({ name }) => name === provider);
  if (!bench) throw new Error(`There is no bench of ${provider}.`);
  return bench;
}

async function startFakes(addressOf: (provider: Provider) => string | null) {
  const [paystack, flutterwave, mpesa, stripe] = await Promise.all([
    startPaystackFake({
      accounts: [{ webhookUrls: { test: () => addressOf('paystack'), live: null } }],
      refundStepMs: null,
    }),
    startFlutterwaveFake({ accounts: [{ ...FLUTTERWAVE_DEMO, webhookUrl: () => addressOf('flutterwave') }] }),
    startMpesaFake({ strictCallbackUrls: false }),
    startStripeFake({
      endpoints: [{ url: () => addressOf('stripe'), secret: STRIPE_DEMO.webhookSecret }],
    }),
  ]);
  return { paystack, flutterwave, mpesa, stripe };
}

function environmentOf(
  { paystack, flutterwave, mpesa, stripe }: Awaited<ReturnType<typeof startFakes>>,
  port: number,
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PAYSTACK_URL: paystack.url,
    FLUTTERWAVE_URL: `${flutterwave.url}/v3`,
    MPESA_URL: mpesa.url,
    MPESA_SANDBOX_URL: mpesa.url,
    STRIPE_URL: stripe.url,
    ...more,
  };
}
