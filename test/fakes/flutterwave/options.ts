import type { FakeOptions, WorldParts } from '../frame/definition.js';
import type { Account, CardToken, FlutterwaveWorld } from './world.js';

const YEAR_MS = 365 * 24 * 3_600_000;

export interface FlutterwaveFakeOptions extends FakeOptions {
  /** Merchants; one with FLUTTERWAVE_DEMO unless named. What is absent of one is taken from that one. */
  accounts?: readonly Partial<Account>[];
  /** Cards that are saved already. */
  tokens?: readonly (Pick<CardToken, 'token' | 'email'> & Partial<CardToken>)[];
}

export const FLUTTERWAVE_DEMO = {
  secretKey: 'FLWSECK_TEST-novafake000000000000000000000001-X',
  publicKey: 'FLWPUBK_TEST-novafake000000000000000000000001-X',
  secretHash: 'nova-fake-secret-hash',
} as const;

const DEMO: Account = {
  name: 'demo',
  secretKey: FLUTTERWAVE_DEMO.secretKey,
  secretHash: FLUTTERWAVE_DEMO.secretHash,
  currencies: [
    'NGN',
    'KES',
    'GHS',
    'ZAR',
    'USD',
    'EUR',
    'GBP',
    'UGX',
    'RWF',
    'TZS',
    'ZMW',
    'XOF',
    'XAF',
    'EGP',
  ],
  unattended: true,
  webhookUrl: null,
  webhookRetries: false,
  refundWebhooks: false,
  webhookShape: 'envelope',
};

/** The world as it is at the start and after a reset. */
export function createWorld(parts: WorldParts, options: FlutterwaveFakeOptions): FlutterwaveWorld {
  const accounts = (options.accounts ?? [DEMO]).map((account) => ({ ...DEMO, ...account }));
  const [first = DEMO] = accounts;
  return {
    ...parts,
    accounts,
    tokens: (options.tokens ?? []).map((seed) => ({
      account: first.name,
      expiresAt: parts.clock.now() + YEAR_MS,
      behaviour: 'success',
      ...seed,
    })),
    links: [],
    transactions: [],
    refunds: [],
  };
}
