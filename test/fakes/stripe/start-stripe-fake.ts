import type { FakeDefinition } from '../frame/definition.js';
import { json } from '../frame/reply.js';
import { startFake, type RunningFake } from '../frame/start-fake.js';
import { accountRoutes } from './account-routes.js';
import { advance } from './advance.js';
import { catalogueRoutes } from './catalogue.js';
import { checkoutRoutes } from './checkout-sessions.js';
import { customerRoutes } from './customers.js';
import { aroundEverything } from './idempotency.js';
import { stripeModes } from './modes.js';
import { createWorld, type StripeFakeOptions } from './options.js';
import { pageRoutes } from './pages.js';
import { paymentIntentRoutes } from './payment-intents.js';
import { paymentMethodRoutes } from './payment-methods.js';
import { refundRoutes } from './refunds.js';
import { setupIntentRoutes } from './setup-intents.js';
import { stripeWebhooks } from './signature.js';
import { subscriptionRoutes } from './subscriptions.js';
import type { StripeWorld } from './world.js';

/**
 * Starts a fake Stripe. The truth log counts in the units of its API: hundredths, but whole units of the currencies that
 * have no part, and hundredths again of UGX. Its references are what `businessKey` makes of an intent.
 */
export function startStripeFake(options: StripeFakeOptions = {}): Promise<RunningFake<StripeWorld>> {
  const unknown = (method: string, path: string) =>
    json(404, {
      error: { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` },
    });
  const definition: FakeDefinition<StripeWorld> = {
    name: 'Stripe',
    webhooks: stripeWebhooks,
    style: { pretty: true },
    createWorld: (parts) => createWorld(parts, options),
    routes: [
      ...customerRoutes,
      ...paymentMethodRoutes,
      ...setupIntentRoutes,
      ...paymentIntentRoutes,
      ...checkoutRoutes,
      ...refundRoutes,
      ...catalogueRoutes,
      ...subscriptionRoutes,
      ...accountRoutes,
      ...pageRoutes,
    ],
    notFound: ({ method, path }) => unknown(method, path),
    otherMethod: ({ method, path }) => unknown(method, path),
    around: aroundEverything,
    advance,
    modes: stripeModes,
  };
  return startFake(definition, options);
}
