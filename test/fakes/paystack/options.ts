import type { FakeOptions, WorldParts } from '../frame/definition.js';
import type { Account, Authorization, PaystackWorld } from './world.js';

const A_MINUTE_MS = 60_000;

export interface PaystackFakeOptions extends FakeOptions {
  /** Merchants; one with PAYSTACK_DEMO_KEYS unless named. What is absent of one is taken from that one. */
  accounts?: readonly Partial<Account>[];
  /** Cards that are saved already. */
  authorizations?: readonly (Pick<Authorization, 'code' | 'email'> & Partial<Authorization>)[];
  /** Null leaves refunds pending until they are advanced. */
  refundStepMs?: number | null;
}

export const PAYSTACK_DEMO_KEYS = {
  test: 'sk_test_novafake00000000000000000000000000000001',
  live: 'sk_live_novafake00000000000000000000000000000001',
} as const;

const DEMO: Account = {
  name: 'demo',
  keys: PAYSTACK_DEMO_KEYS,
  currencies: ['NGN', 'GHS', 'KES', 'ZAR', 'USD', 'XOF'],
  feeBearer: 'account',
  webhookUrls: { test: null, live: null },
};

/** The world as it is at the start and after a reset. */
export function createWorld(parts: WorldParts, options: PaystackFakeOptions): PaystackWorld {
  const accounts = (options.accounts ?? [DEMO]).map((account) => ({ ...DEMO, ...account }));
  const [first = DEMO] = accounts;
  return {
    ...parts,
    accounts,
    customers: [],
    authorizations: (options.authorizations ?? []).map((seed) => ({
      account: first.name,
      domain: 'test',
      reusable: true,
      active: true,
      behaviour: 'success',
      signature: `SIG_${seed.code}`,
      last4: '4081',
      ...seed,
    })),
    transactions: [],
    refunds: [],
    verifyLagMs: 0,
    refundStepMs: options.refundStepMs === undefined ? A_MINUTE_MS : options.refundStepMs,
  };
}
