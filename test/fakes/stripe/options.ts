import type { FakeOptions, WorldParts } from '../frame/definition.js';
import { isJsonObject, textOf } from '../frame/json-text.js';
import type { Account, Endpoint, StripeObject, StripeWorld } from './world.js';

export interface StripeFakeOptions extends FakeOptions {
  /** Merchants; one with STRIPE_DEMO unless named. */
  accounts?: readonly Account[];
  /** Addresses for webhooks, of the first merchant's test mode and every event unless they say otherwise. */
  endpoints?: readonly (Pick<Endpoint, 'url'> & Partial<Endpoint>)[];
  /** What the merchant calls a charge: `metadata.reference`, the idempotency key or the intent itself unless named. */
  businessKey?: StripeWorld['businessKey'];
}

export const STRIPE_DEMO = {
  account: 'acct_novafake0000001',
  testKey: 'sk_test_novafake0000000000000001',
  liveKey: 'sk_live_novafake0000000000000001',
  webhookSecret: 'whsec_novafake0000000000000001',
} as const;

/** The world as it is at the start and after a reset. */
export function createWorld(parts: WorldParts, options: StripeFakeOptions): StripeWorld {
  const demo = { id: STRIPE_DEMO.account, keys: { test: STRIPE_DEMO.testKey, live: STRIPE_DEMO.liveKey } };
  const accounts = (options.accounts ?? [demo]).map((account) => ({ ...account }));
  return {
    ...parts,
    accounts,
    endpoints: (options.endpoints ?? []).map((seed, index) => ({
      id: `we_seed${index}`,
      account: accounts[0]?.id ?? demo.id,
      livemode: false,
      secret: STRIPE_DEMO.webhookSecret,
      events: ['*'],
      ...seed,
    })),
    stored: new Map(),
    keys: new Map(),
    plans: new Map(),
    businessKey: options.businessKey ?? referenceOf,
    keyOfIntent: new Map(),
    twinEvents: false,
  };
}

function referenceOf(intent: StripeObject, idempotencyKey: string | null): string {
  const metadata = intent['metadata'];
  const named = isJsonObject(metadata) ? textOf(metadata['reference']) : '';
  return named || idempotencyKey || intent.id;
}
