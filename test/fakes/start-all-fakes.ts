import http from 'node:http';

import { dashboard, type Dashboard } from './dashboard.js';
import { FLUTTERWAVE_DEMO } from './flutterwave/options.js';
import { startFlutterwaveFake } from './flutterwave/start-flutterwave-fake.js';
import { listen } from './frame/listen.js';
import { MPESA_DEMO } from './mpesa/options.js';
import { MPESA_FAKE_CERTIFICATE } from './mpesa/security-credential.js';
import { startMpesaFake } from './mpesa/start-mpesa-fake.js';
import { PAYSTACK_DEMO_KEYS } from './paystack/options.js';
import { startPaystackFake } from './paystack/start-paystack-fake.js';
import { STRIPE_DEMO } from './stripe/options.js';
import { startStripeFake } from './stripe/start-stripe-fake.js';

const REFUND_STEP_MS = 5_000;

export interface AllFakes {
  /** A page with all of them; `/fakes.json` says the same to programs. */
  url: string;
  /** What a platform has to have in its environment to meet them. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts every provider's fake for a person to play with, each with one merchant.
 * @param platformUrl where the platform is reached, once it is: webhooks go there unless another address is set
 */
export async function startAllFakes(platformUrl: () => Promise<string | null>): Promise<AllFakes> {
  const webhooksOf = (provider: string) => async () => {
    const url = await platformUrl();
    return url === null ? null : `${url}/api/webhooks/${provider}`;
  };
  const paystack = await startPaystackFake({
    accounts: [{ webhookUrls: { test: webhooksOf('paystack'), live: webhooksOf('paystack') } }],
    refundStepMs: REFUND_STEP_MS,
  });
  const flutterwave = await startFlutterwaveFake({ accounts: [{ webhookUrl: webhooksOf('flutterwave') }] });
  const mpesa = await startMpesaFake();
  const stripe = await startStripeFake({
    endpoints: [false, true].map((livemode) => ({ url: webhooksOf('stripe'), livemode })),
  });
  const shown: Dashboard = {
    fakes: [
      {
        fake: paystack,
        keys: { secretKey: PAYSTACK_DEMO_KEYS.test, liveSecretKey: PAYSTACK_DEMO_KEYS.live },
        setsWebhookUrl: true,
      },
      { fake: flutterwave, keys: FLUTTERWAVE_DEMO, setsWebhookUrl: true },
      { fake: mpesa, keys: { ...MPESA_DEMO, certificate: MPESA_FAKE_CERTIFICATE }, page: '/phone' },
      { fake: stripe, keys: STRIPE_DEMO, setsWebhookUrl: true },
    ],
  };
  const page = await listen(http.createServer(dashboard(shown)), 0);
  return {
    url: page.url,
    environment: {
      PAYSTACK_URL: paystack.url,
      FLUTTERWAVE_URL: `${flutterwave.url}/v3`,
      MPESA_URL: mpesa.url,
      MPESA_SANDBOX_URL: mpesa.url,
      STRIPE_URL: stripe.url,
    },
    stop: async () => {
      await Promise.all(
        [page, ...shown.fakes.map(({ fake }) => ({ close: () => fake.stop() }))].map((one) => one.close()),
      );
    },
  };
}
