import type { FakeDefinition } from '../frame/definition.js';
import { json } from '../frame/reply.js';
import { startFake, type RunningFake } from '../frame/start-fake.js';
import { advance } from './advance.js';
import { checkoutRoutes } from './checkout.js';
import { customerRoutes } from './customers.js';
import { paystackModes } from './modes.js';
import { paystackWebhooks } from './notices.js';
import { createWorld, type PaystackFakeOptions } from './options.js';
import { refundRoutes } from './refunds.js';
import { transactionRoutes } from './transactions.js';
import type { PaystackWorld } from './world.js';

/**
 * Starts a fake Paystack: strict where Paystack is, with its errors, webhooks and odd ways. The truth log counts
 * subunits, and its references are the transactions'.
 */
export function startPaystackFake(options: PaystackFakeOptions = {}): Promise<RunningFake<PaystackWorld>> {
  const definition: FakeDefinition<PaystackWorld> = {
    name: 'Paystack',
    webhooks: paystackWebhooks,
    createWorld: (parts) => createWorld(parts, options),
    routes: [...transactionRoutes, ...checkoutRoutes, ...refundRoutes, ...customerRoutes],
    notFound: () =>
      json(404, {
        status: false,
        message: 'Requested resource was not found',
        type: 'api_error',
        code: 'not_found',
      }),
    otherMethod: () =>
      json(404, {
        status: false,
        message: 'Requested resource was not found',
        type: 'api_error',
        code: 'not_found',
      }),
    advance,
    modes: paystackModes,
  };
  return startFake(definition, options);
}
