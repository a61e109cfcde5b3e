import { json, Refused, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { authenticate } from './call.js';
import { stripeError } from './errors.js';
import type { StripeWorld } from './world.js';

/** What was refused before anything was done is not kept. */
const KEPT = (status: number) => status < 400 || status === 402 || status >= 500;

const WENT_WRONG = { error: { type: 'api_error', message: 'An unknown error occurred' } } as const;

/** Answers a key that was seen before as it was answered then, and adds the headers that every answer has. */
export async function aroundEverything(
  world: StripeWorld,
  request: FakeRequest,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
  const reply = key === undefined ? await work() : await keyed(world, request, key, work).catch(refusal);
  const version = request.headers['stripe-version'];
  const headers = {
    'request-id': `req_${world.ids.text(14)}`,
    ...(version ? { 'stripe-version': version } : {}),
  };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

async function keyed(
  world: StripeWorld,
  request: FakeRequest,
  key: string,
  work: () => Promise<Reply>,
): Promise<Reply> {
  if (key.length > 255)
    throw stripeError(400, {
      type: 'invalid_request_error',
      message: 'Idempotency keys are at most 255 characters',
    });
  const { account, livemode } = authenticate(world, request);
  const place = `${account} ${livemode ? 'live' : 'test'} ${key}`;
  const params = `${request.method} ${request.path} ${request.rawBody.toString('utf8')}`;
  const known = world.keys.get(place);
  if (known?.state === 'working') {
    throw stripeError(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (${key}).`,
    });
  }
  if (known && known.params !== params) {
    throw stripeError(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  if (known?.state === 'done')
    return {
      ...json(known.status, known.json),
      headers: { 'idempotent-replayed': 'true', 'original-request': 'req_original' },
    };
  world.keys.set(place, { state: 'working', params });
  const done = await work().catch(refusal);
  // The work may be done, and its answer an error all the same: that error is what the key stands for from now on.
  const reply = request.outcome === 'stored-500' ? json(500, WENT_WRONG) : done;
  if (KEPT(reply.status))
    world.keys.set(place, { state: 'done', params, status: reply.status, json: reply.json ?? null });
  else world.keys.delete(place);
  return reply;
}

function refusal(error: unknown): Reply {
  if (error instanceof Refused) return error.reply;
  throw error;
}
