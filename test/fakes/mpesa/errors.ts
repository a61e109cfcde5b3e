import { json, Refused } from '../frame/reply.js';
import type { MpesaWorld } from './world.js';

/** `{requestId, errorCode, errorMessage}`, as the gateway refuses. */
export const gatewayError = (world: MpesaWorld, status: number, errorCode: string, errorMessage: string) =>
  new Refused(
    json(status, { requestId: `${world.ids.number()}-${world.ids.text(6)}`, errorCode, errorMessage }),
  );

export const badField = (world: MpesaWorld, name: string) =>
  gatewayError(world, 400, '400.002.02', `Bad Request - Invalid ${name}`);

/** An overloaded code: what it means stands in the message. */
export const serverSays = (world: MpesaWorld, message: string) =>
  gatewayError(world, 500, '500.001.1001', message);
