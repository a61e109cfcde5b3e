import { shortReference } from '@nova/core/features/payments/providers/mpesa/short-reference.js';

import { FLUTTERWAVE_DEMO } from '../fakes/flutterwave/options.js';
import { startFlutterwaveFake } from '../fakes/flutterwave/start-flutterwave-fake.js';
import type { FakeClock } from '../fakes/frame/clock.js';
import type { ForgeOptions, Forgery } from '../fakes/frame/forge-webhook.js';
import type { JournalEntry } from '../fakes/frame/journal.js';
import type { Script } from '../fakes/frame/scripts.js';
import type { TruthLog } from '../fakes/frame/truth-log.js';
import type { DeliveryFilter, WebhookSender } from '../fakes/frame/webhook-sender.js';
import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { MPESA_FAKE_CERTIFICATE } from '../fakes/mpesa/security-credential.js';
import { startMpesaFake } from '../fakes/mpesa/start-mpesa-fake.js';
import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { startPaystackFake } from '../fakes/paystack/start-paystack-fake.js';
import { STRIPE_DEMO } from '../fakes/stripe/options.js';
import { startStripeFake } from '../fakes/stripe/start-stripe-fake.js';

const EMAIL = 'asha@acme.example';

/** A fake, as far as the contract suite is about every provider. */
export interface Fake {
  readonly url: string;
  readonly truth: TruthLog;
  readonly control: {
    readonly clock: FakeClock;
    readonly webhooks: WebhookSender;
    script(script: Script): void;
    /** What waits for requests that do not come. */
    readonly scripts: { clear(): void };
    reset(): Promise<void>;
    mode(name: string, options?: Record<string, string>): Promise<void>;
    advance(order: Record<string, string>): Promise<unknown>;
    forge(forgery: Forgery, filter?: DeliveryFilter, options?: ForgeOptions): Promise<unknown>;
    journal(): readonly JournalEntry[];
  };
  stop(): Promise<void>;
}

/** What the suite has to know of a provider to ask the same of all. */
export interface Bench {
  readonly name: string;
  readonly currency: 'NGN' | 'KES';
  /** The path of what charges a saved method, and of what gives money back. */
  readonly chargePath: string;
  readonly refundPath: string;
  /** Whether an answer that is lost can be found by our reference, without a callback. */
  readonly findsLostCharges: boolean;
  readonly findsLostRefunds: boolean;
  readonly credentials: object | null;
  readonly token: string;
  readonly email: string | null;
  /** In international form, where the provider calls people by it. */
  readonly phone: string | null;
  /** What the truth log calls a charge of this reference of ours. */
  truthName(reference: string): string;
  /** Minor units in one unit of the truth log. */
  readonly minorPerUnit: bigint;
  start(): Promise<Fake>;
  /** Lets what a charge or refund waits for happen. */
  complete(fake: Fake): Promise<void>;
}

const nothingToDo = () => Promise.resolve();
const asItIs = (reference: string) => reference;

export const BENCHES: readonly Bench[] = [
  {
    name: 'paystack',
    currency: 'NGN',
    chargePath: '/transaction/charge_authorization',
    refundPath: '/refund',
    findsLostCharges: true,
    findsLostRefunds: true,
    credentials: { secretKey: PAYSTACK_DEMO_KEYS.test },
    token: 'AUTH_saved',
    email: EMAIL,
    phone: null,
    truthName: asItIs,
    minorPerUnit: 1n,
    start: () =>
      startPaystackFake({ authorizations: [{ code: 'AUTH_saved', email: EMAIL }], refundStepMs: 1 }),
    complete: nothingToDo,
  },
  {
    name: 'flutterwave',
    currency: 'NGN',
    chargePath: '*/tokenized-charges',
    refundPath: '*/refund',
    findsLostCharges: true,
    findsLostRefunds: false,
    credentials: {
      secretKey: FLUTTERWAVE_DEMO.secretKey,
      webhookSecretHash: FLUTTERWAVE_DEMO.secretHash,
      unattended: true,
    },
    token: 'flw-t1nf-saved',
    email: EMAIL,
    phone: null,
    truthName: asItIs,
    minorPerUnit: 1n,
    start: () => startFlutterwaveFake({ tokens: [{ token: 'flw-t1nf-saved', email: EMAIL }] }),
    complete: nothingToDo,
  },
  {
    name: 'mpesa',
    currency: 'KES',
    chargePath: '/mpesa/stkpush/v1/processrequest',
    refundPath: '/mpesa/reversal/v1/request',
    // Its books are open to accounts that are registered for them; else the callback tells.
    findsLostCharges: false,
    findsLostRefunds: false,
    credentials: {
      consumerKey: MPESA_DEMO.consumerKey,
      consumerSecret: MPESA_DEMO.consumerSecret,
      shortcode: MPESA_DEMO.shortcode,
      passkey: MPESA_DEMO.passkey,
      initiator: {
        name: MPESA_DEMO.initiator,
        password: MPESA_DEMO.initiatorPassword,
        certificate: MPESA_FAKE_CERTIFICATE,
        disbursementShortcode: MPESA_DEMO.payoutShortcode,
      },
    },
    token: MPESA_DEMO.phone,
    email: null,
    phone: MPESA_DEMO.phone,
    truthName: shortReference,
    minorPerUnit: 100n,
    start: () => startMpesaFake({ strictCallbackUrls: false }),
    complete: async (fake) => {
      await fake.control.advance({ ref: MPESA_DEMO.phone, to: '0' });
    },
  },
  {
    name: 'stripe',
    currency: 'NGN',
    chargePath: '/v1/payment_intents',
    refundPath: '/v1/refunds',
    findsLostCharges: true,
    findsLostRefunds: true,
    credentials: { secretKey: STRIPE_DEMO.testKey, webhookSecret: STRIPE_DEMO.webhookSecret },
    token: 'pm_card_visa',
    email: EMAIL,
    phone: null,
    truthName: asItIs,
    minorPerUnit: 1n,
    start: () => startStripeFake(),
    complete: nothingToDo,
  },
];
