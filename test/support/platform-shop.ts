import { IDENTITY, type IdentityDeps } from '@nova/core/features/auth/identity-deps.js';
import { beginCheckout } from '@nova/core/features/payments/begin-checkout.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { makeOperator } from '@nova/core/features/platform-billing/make-operator.js';
import { BY_ITSELF, PlatformTenant } from '@nova/core/features/platform-billing/platform-tenant.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import type { Type } from '@nestjs/common';

import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { startPaystackFake } from '../fakes/paystack/start-paystack-fake.js';
import { STRIPE_DEMO } from '../fakes/stripe/options.js';
import { startStripeFake } from '../fakes/stripe/start-stripe-fake.js';
import { type Api, type ApiResponse, expectStatus } from './api.js';
import { httpCall } from './http-call.js';
import { type Nova, startNova, type TestTenant } from './nova.js';

const OPERATOR = { email: 'operator@nova.example', name: 'Operator', password: 'correct horse operator' };
/** What somebody clicks on a provider's page to pay. */
const PAY = { paystack: 'pay', stripe: 'card' } as const;

export type ShopProvider = keyof typeof PAY;

/** A platform that sells its plans by a fake Stripe and a fake Paystack, in its own books. */
export class PlatformShop {
  /** Whether providers send webhooks; what they would have sent meanwhile is never sent. */
  sendsWebhooks = true;

  private constructor(
    readonly nova: Nova,
    readonly operator: Api,
    readonly paystack: Awaited<ReturnType<typeof startPaystackFake>>,
    readonly stripe: Awaited<ReturnType<typeof startStripeFake>>,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<PlatformShop> {
    let shop: PlatformShop | null = null;
    const webhooksOf = (provider: ShopProvider) => () =>
      Promise.resolve(shop?.sendsWebhooks ? `${shop.nova.url}/api/webhooks/${provider}` : null);
    const paystack = await startPaystackFake({
      accounts: [{ webhookUrls: { test: null, live: webhooksOf('paystack') } }],
    });
    const stripe = await startStripeFake({ endpoints: [{ url: webhooksOf('stripe'), livemode: true }] });
    const nova = await startNova({
      env: { PLATFORM_BILLING: 'on', PAYSTACK_URL: paystack.url, STRIPE_URL: stripe.url, ...env },
    });
    shop = new PlatformShop(nova, await operatorOf(nova), paystack, stripe);
    await shop.open();
    return shop;
  }

  /** The operator's accounts: dollars by Stripe, naira by Paystack. */
  private async open(): Promise<void> {
    const accounts = [
      {
        provider: 'stripe',
        currencies: ['USD'],
        credentials: { secretKey: STRIPE_DEMO.liveKey, webhookSecret: STRIPE_DEMO.webhookSecret },
      },
      { provider: 'paystack', currencies: ['NGN'], credentials: { secretKey: PAYSTACK_DEMO_KEYS.live } },
    ];
    for (const account of accounts)
      expectStatus(await this.operator.post('/payment-providers', account), 201);
  }

  async stop(): Promise<void> {
    await this.nova.stop();
    await Promise.all([this.paystack.stop(), this.stripe.stop()]);
  }

  get providers(): PaymentProviders {
    return this.get(PaymentProviders);
  }

  /** An address of the platform's as it is reached here: its port is known only once it listens. */
  reachable(url: string): string {
    const { pathname, search } = new URL(url);
    return `${this.nova.url}${pathname}${search}`;
  }

  inBooks<T>(work: (books: TenantContext) => Promise<T>): Promise<T> {
    return this.get(PlatformTenant).inBooks(BY_ITSELF, work);
  }

  /** Opens a checkout, and the provider's page as the hosted page does. */
  async checkOut(tenant: TestTenant, body: object): Promise<ApiResponse['body']> {
    return expectStatus(await tenant.user.post('/billing/checkout', body), 200);
  }

  /** The provider's page of a checkout. */
  async pageOf(sessionId: string, provider: ShopProvider): Promise<string> {
    const payment = await this.inBooks(async (books) => {
      const session = await books.db.checkoutSession.findUniqueOrThrow({ where: { id: sessionId } });
      return beginCheckout(books, this.providers, {
        invoiceId: session.invoiceId,
        provider,
        savesMethod: true,
        checkoutSessionId: session.id,
        returnUrl: 'https://app.example/back',
      });
    });
    if (payment.actionUrl === null) throw new Error(`${provider} opened no page: ${payment.failureMessage}`);
    return payment.actionUrl;
  }

  /** Does on a provider's page what a customer does there. */
  async click(page: string, button: string): Promise<void> {
    await httpCall(`${page}/${button}`, { method: 'POST' });
  }

  async payAt(sessionId: string, provider: ShopProvider): Promise<void> {
    await this.click(await this.pageOf(sessionId, provider), PAY[provider]);
  }

  /** The time of a checkout is over. */
  expire(sessionId: string): Promise<void> {
    return this.comesDue('checkout_sessions', (tx, past) =>
      tx.db.checkoutSession.update({ where: { id: sessionId }, data: { expiresAt: past } }),
    );
  }

  /** It is time to ask after every payment that has not ended. */
  askAfterPayments(): Promise<void> {
    return this.comesDue('payments', (tx, past) =>
      tx.db.payment.updateMany({ where: { nextCheckAt: { not: null } }, data: { nextCheckAt: past } }),
    );
  }

  private comesDue(
    kind: 'checkout_sessions' | 'payments',
    write: (tx: Transaction, past: Date) => Promise<unknown>,
  ): Promise<void> {
    return this.inBooks((books) =>
      books.transaction(async (tx) => {
        const past = new Date(Date.now() - 1_000);
        await write(tx, past);
        tx.due(kind, past);
      }),
    );
  }

  private get<T>(token: Type<T>): T {
    return this.nova.app.get(token, { strict: false });
  }
}

type Transaction = Parameters<Parameters<TenantContext['transaction']>[0]>[0];

async function operatorOf(nova: Nova): Promise<Api> {
  const get = <T>(token: Type<T>) => nova.app.get(token, { strict: false });
  const deps = {
    central: get(CentralDatabase),
    platform: get(PlatformTenant),
    provisioner: get(TenantProvisioner),
    directory: get(TenantDirectory),
  };
  await makeOperator(deps, nova.app.get<IdentityDeps>(IDENTITY, { strict: false }), OPERATOR);
  const { email, password } = OPERATOR;
  const session = expectStatus(await nova.anonymous.post('/auth/login', { email, password }), 200);
  return nova.as(session.accessToken).with({ 'Nova-Mode': 'live' });
}
