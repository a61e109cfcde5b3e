import { openProvider } from '@nova/core/features/payments/providers/open-provider.js';
import type { ChargeOutcome, VerifyOutcome } from '@nova/core/features/payments/providers/outcomes.js';
import type {
  ChargeQuery,
  Checkout,
  PaymentProvider,
  RefundOrder,
  SavedCharge,
} from '@nova/core/features/payments/providers/payment-provider.js';
import type {
  AccessToken,
  AnyOpenAccount,
  ProviderDeps,
} from '@nova/core/features/payments/providers/provider-clients.js';
import { paymentReference, refundReference } from '@nova/core/features/payments/payment-reference.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { systemClock } from '@nova/core/platform/clock/clock.js';
import { GuardedCalls } from '@nova/core/platform/http-client/guarded-calls.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { pino } from 'pino';

import type { Bench, Fake } from './contract-benches.js';

/** 2,500.00 of naira or shillings. */
export const AMOUNT = 250_000n;
const DATABASE = 'tdb_0000000000000000000000000a';
const id = (number: number) => String(number).padStart(26, '0');

type Paid = Extract<VerifyOutcome, { kind: 'succeeded' }>;

/** An adapter on an account at a fake, with nothing of the platform around it. */
export interface AdapterBench {
  readonly bench: Bench;
  readonly fake: Fake;
  readonly deps: ProviderDeps;
  readonly account: AnyOpenAccount;
  readonly provider: PaymentProvider;
  readonly ctx: TenantContext;
  /** Our name of an attempt: the `number`th. */
  reference(number?: number): string;
  chargeOf(more?: Partial<SavedCharge>): SavedCharge;
  checkoutOf(more?: Partial<Checkout>): Checkout;
  /** What is asked after a charge by, that `outcome` was the last word on. */
  queryOf(outcome?: ChargeOutcome, more?: Partial<ChargeQuery>): ChargeQuery;
  refundOf(paid: Paid, more?: Partial<RefundOrder>): RefundOrder;
  stop(): Promise<void>;
}

interface AdapterOptions {
  /** In place of the fake's address. */
  readonly url?: string;
  readonly credentials?: object;
  readonly webhookUrl?: string;
  readonly calls?: GuardedCalls;
  readonly log?: ProviderDeps['log'];
}

/** Starts a fake and opens the adapter on it. */
export async function openAdapter(bench: Bench, options: AdapterOptions = {}): Promise<AdapterBench> {
  const fake = await bench.start();
  const deps = depsFor(options.url ?? fake.url, options);
  const account = {
    // One of its own: what processes share of an account they share by its id.
    id: newId('ppa'),
    provider: bench.name,
    mode: 'test',
    credentials: { ...bench.credentials, ...options.credentials },
    webhookUrl: options.webhookUrl ?? 'https://nova.example/hooks/0123456789abcdef',
  } as AnyOpenAccount;
  const provider = await openProvider(deps, account);
  const reference = (number = 1) =>
    paymentReference(DATABASE, { invoiceId: `inv_${id(7)}`, attempt: number });
  const common = {
    reference: reference(),
    amount: AMOUNT,
    currency: bench.currency,
    description: 'Acme: invoice 1',
    email: bench.email,
    returnUrl: 'https://shop.example/back',
    providerCustomerId: null,
  };
  return {
    bench,
    fake,
    deps,
    account,
    provider,
    // All that adapters of real providers look at is the time.
    ctx: { clock: systemClock } as TenantContext,
    reference,
    chargeOf: (more = {}) => ({ ...common, token: bench.token, ...more }),
    checkoutOf: (more = {}) => ({
      ...common,
      customerName: 'Asha',
      phone: bench.phone,
      savesMethod: false,
      ...more,
    }),
    queryOf: (outcome, more = {}) => ({
      reference: common.reference,
      amount: AMOUNT,
      currency: bench.currency,
      providerPaymentId: outcome && 'providerPaymentId' in outcome ? outcome.providerPaymentId : null,
      providerCustomerId: null,
      createdAt: systemClock.now(),
      ...more,
    }),
    refundOf: (paid, more = {}) => ({
      reference: refundReference(DATABASE, `rfn_${id(9)}`),
      amount: AMOUNT,
      currency: bench.currency,
      providerRefundId: null,
      state: 'new',
      payment: {
        reference: common.reference,
        amount: AMOUNT,
        providerPaymentId: paid.providerPaymentId,
        receipt: paid.receipt ?? null,
        payer: bench.phone,
      },
      ...more,
    }),
    stop: () => fake.stop(),
  };
}

function depsFor(url: string, { calls = new GuardedCalls(), log }: AdapterOptions): ProviderDeps {
  const kept = new Map<string, AccessToken>();
  return {
    urls: {
      paystack: url,
      flutterwave: `${url}/v3`,
      mpesa: url,
      mpesaSandbox: url,
      stripe: url,
    },
    calls,
    log: log ?? pino({ enabled: false }),
    tokens: {
      read: (accountId) => Promise.resolve(kept.get(accountId) ?? null),
      keep: (accountId, token) => {
        kept.set(accountId, token);
        return Promise.resolve();
      },
    },
    clock: systemClock,
  };
}

/** Does something with an adapter on a fake of its own, so that tests run beside each other. */
export async function withAdapter(
  bench: Bench,
  work: (opened: AdapterBench) => Promise<void>,
  options: AdapterOptions = {},
): Promise<void> {
  const opened = await openAdapter(bench, options);
  try {
    await work(opened);
    // Whatever was asked and answered: nothing is taken twice, and no more given back than was taken.
    opened.fake.truth.assertSound();
  } finally {
    await opened.stop();
  }
}

/** Charges the saved method, and tells what was found of it then. */
export async function paidBy({ bench, fake, provider, ctx, ...opened }: AdapterBench): Promise<Paid> {
  const charged = await provider.chargeSaved(ctx, opened.chargeOf());
  await bench.complete(fake);
  const found = await provider.verify(ctx, opened.queryOf(charged));
  if (found.kind !== 'succeeded') throw new Error(`A charge was to succeed: ${JSON.stringify(found)}`);
  return found;
}

/** What the provider holds of the first payment still, in our minor units. */
export function leftAt({ fake, bench, ...opened }: AdapterBench): bigint {
  return fake.truth.net(bench.truthName(opened.reference())) * bench.minorPerUnit;
}
