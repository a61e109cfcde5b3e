import type { FakeDefinition } from '../frame/definition.js';
import { json } from '../frame/reply.js';
import { startFake, type RunningFake } from '../frame/start-fake.js';
import { advance } from './advance.js';
import { c2bRoutes } from './c2b.js';
import { mpesaCallbacks } from './callbacks.js';
import { inquiryRoutes } from './inquiries.js';
import { mpesaModes } from './modes.js';
import { oauthRoutes } from './oauth.js';
import { createWorld, type MpesaFakeOptions } from './options.js';
import { orderRoutes } from './orders.js';
import { phoneRoutes } from './phone.js';
import { stkRoutes } from './stk-push.js';
import type { MpesaWorld } from './world.js';

/**
 * Starts a fake M-Pesa with its gateway, Daraja, and its customers' phones. The truth log counts whole shillings; its
 * references are what `businessKey` makes of a prompt, and receipts for payments that nobody had asked for.
 */
export function startMpesaFake(options: MpesaFakeOptions = {}): Promise<RunningFake<MpesaWorld>> {
  const refuse = (status: number, errorCode: string, errorMessage: string) =>
    json(status, { requestId: '0-fake', errorCode, errorMessage });
  const definition: FakeDefinition<MpesaWorld> = {
    name: 'M-Pesa',
    webhooks: mpesaCallbacks,
    createWorld: (parts) => createWorld(parts, options),
    routes: [...oauthRoutes, ...stkRoutes, ...c2bRoutes, ...orderRoutes, ...inquiryRoutes, ...phoneRoutes],
    notFound: () => refuse(404, '404.001.01', 'Resource not found'),
    otherMethod: () => refuse(405, '405.001', 'Method Not Allowed'),
    advance,
    modes: mpesaModes,
  };
  return startFake(definition, options);
}
