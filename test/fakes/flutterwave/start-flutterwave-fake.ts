import type { FakeDefinition } from '../frame/definition.js';
import { json } from '../frame/reply.js';
import { startFake, type RunningFake } from '../frame/start-fake.js';
import { advance } from './advance.js';
import { chargeRoutes } from './charges.js';
import { hostedRoutes } from './hosted.js';
import { flutterwaveModes } from './modes.js';
import { flutterwaveWebhooks } from './notices.js';
import { createWorld, type FlutterwaveFakeOptions } from './options.js';
import { paymentRoutes } from './payments.js';
import { refundRoutes } from './refunds.js';
import { transactionRoutes } from './transactions.js';
import type { FlutterwaveWorld } from './world.js';

/**
 * Starts a fake Flutterwave of its third generation. The truth log counts hundredths of a major unit, whatever the
 * currency, and its references are `tx_ref`.
 */
export function startFlutterwaveFake(
  options: FlutterwaveFakeOptions = {},
): Promise<RunningFake<FlutterwaveWorld>> {
  const nothingThere = () => json(404, { status: 'error', message: 'Resource not found', data: null });
  const definition: FakeDefinition<FlutterwaveWorld> = {
    name: 'Flutterwave',
    webhooks: flutterwaveWebhooks,
    createWorld: (parts) => createWorld(parts, options),
    routes: [...paymentRoutes, ...hostedRoutes, ...chargeRoutes, ...transactionRoutes, ...refundRoutes],
    notFound: nothingThere,
    otherMethod: nothingThere,
    advance,
    modes: flutterwaveModes,
  };
  return startFake(definition, options);
}
