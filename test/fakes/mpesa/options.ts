import type { FakeOptions, WorldParts } from '../frame/definition.js';
import type { App, MpesaWorld, Organisation, Subscriber } from './world.js';

const FIVE_SECONDS_MS = 5_000;
const EIGHT_SECONDS_MS = 8_000;

export interface MpesaFakeOptions extends FakeOptions {
  apps?: readonly Pick<App, 'consumerKey' | 'consumerSecret'>[];
  /** Businesses; those of MPESA_DEMO unless named. What is absent of one is taken from the first of them. */
  organisations?: readonly Partial<Organisation>[];
  subscribers?: readonly (Pick<Subscriber, 'msisdn'> & Partial<Subscriber>)[];
  /** What a phone does that nobody has described; it asks its page unless named. */
  otherwise?: Subscriber['behaviour'];
  answerAfterMs?: number;
  /** How long a validation may take, in our milliseconds. */
  validationTimeoutMs?: number;
  strictCallbackUrls?: boolean;
  /** What the merchant calls a payment, for the truth log; its AccountReference unless named. */
  businessKey?: MpesaWorld['businessKey'];
}

export const MPESA_DEMO = {
  consumerKey: 'nova-fake-consumer-key',
  consumerSecret: 'nova-fake-consumer-secret',
  shortcode: '174379',
  passkey: 'nova-fake-passkey-0123456789abcdef0123456789abcdef0123456789abcd',
  payoutShortcode: '600584',
  initiator: 'testapi',
  initiatorPassword: 'nova-fake-password',
  phone: '254708374149',
  pin: '1234',
} as const;

const PAYBILL: Organisation = {
  shortcode: MPESA_DEMO.shortcode,
  till: null,
  name: 'NOVA SHOP',
  passkey: MPESA_DEMO.passkey,
  initiator: MPESA_DEMO.initiator,
  initiatorPassword: MPESA_DEMO.initiatorPassword,
  balance: 1_000_000,
  urls: null,
  pullsRegistered: false,
};
const PAYOUTS: Organisation = { ...PAYBILL, shortcode: MPESA_DEMO.payoutShortcode, name: 'NOVA PAYOUTS' };

/** The world as it is at the start and after a reset. */
export function createWorld(parts: WorldParts, options: MpesaFakeOptions): MpesaWorld {
  return {
    ...parts,
    apps: (options.apps ?? [MPESA_DEMO]).map(({ consumerKey, consumerSecret }) => ({
      consumerKey,
      consumerSecret,
      token: null,
    })),
    organisations: (options.organisations ?? [PAYBILL, PAYOUTS]).map((seed) => ({ ...PAYBILL, ...seed })),
    subscribers: (options.subscribers ?? [{ msisdn: MPESA_DEMO.phone }]).map((seed) => ({
      ...newSubscriber(seed.msisdn, options.otherwise ?? 'ask'),
      ...seed,
    })),
    pushes: [],
    ledger: [],
    conversations: [],
    otherwise: options.otherwise ?? 'ask',
    answerAfterMs: options.answerAfterMs ?? FIVE_SECONDS_MS,
    validationTimeoutMs: options.validationTimeoutMs ?? EIGHT_SECONDS_MS,
    strictCallbackUrls: options.strictCallbackUrls ?? true,
    callbackStyle: { shuffled: false, maskedPhone: false },
    resultStyle: 'list',
    businessKey: options.businessKey ?? (({ accountReference }) => accountReference),
  };
}

/** A phone with money on it. */
export const newSubscriber = (msisdn: string, behaviour: Subscriber['behaviour']): Subscriber => ({
  msisdn,
  name: 'Asha',
  balance: 500_000,
  pin: MPESA_DEMO.pin,
  behaviour,
});

/** The phone with this number: every Kenyan has one. */
export function subscriberOf(world: MpesaWorld, msisdn: string): Subscriber {
  const known = world.subscribers.find((subscriber) => subscriber.msisdn === msisdn);
  if (known) return known;
  const added = newSubscriber(msisdn, world.otherwise);
  world.subscribers.push(added);
  return added;
}
