import { readForm, readFormBody, type FormObject } from '../frame/form-body.js';
import type { Json } from '../frame/json-text.js';
import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import type { Handler } from '../frame/router.js';
import { invalid, stripeError } from './errors.js';
import { checkParams, type Shape } from './params.js';
import { expanded } from './expand.js';
import type { StripeObject, StripeWorld } from './world.js';

/** Who calls, in which mode, with what. */
export interface Call {
  account: string;
  livemode: boolean;
  params: FormObject;
  idempotencyKey: string | null;
  /** Parts of the path. */
  path: Record<string, string>;
  outcome: string | undefined;
}

type Work = (world: StripeWorld, call: Call) => StripeObject | Json | Promise<StripeObject | Json>;

/** A route that takes these parameters and `expand`, and answers with an object or a list of them. */
export function takes(shape: { readonly [name: string]: Shape }, work: Work): Handler<StripeWorld> {
  return async (world, request): Promise<Reply> => {
    const caller = authenticate(world, request);
    const params = request.method === 'POST' ? readFormBody(request) : readForm(request.query);
    if (params === null) throw invalid('Invalid request: the body must be application/x-www-form-urlencoded');
    checkParams(params, { ...shape, expand: ['text'] });
    const idempotencyKey = request.headers['idempotency-key'] ?? null;
    const call: Call = { ...caller, params, idempotencyKey, path: request.params, outcome: request.outcome };
    const answer = await work(world, call);
    return json(200, expanded(world, answer, params));
  };
}

/** The caller by the key, as Bearer or as the user of Basic; refuses every other. */
export function authenticate(
  world: StripeWorld,
  request: FakeRequest,
): { account: string; livemode: boolean } {
  const key = keyIn(request.headers['authorization'] ?? '');
  if (!key)
    throw stripeError(401, { type: 'invalid_request_error', message: 'You did not provide an API key.' });
  for (const { id, keys } of world.accounts) {
    if (key === keys.test) return { account: id, livemode: false };
    if (key === keys.live) return { account: id, livemode: true };
  }
  throw stripeError(401, {
    type: 'invalid_request_error',
    message: `Invalid API Key provided: ${key.slice(0, 8)}****`,
  });
}

function keyIn(header: string): string | null {
  const [scheme, value = ''] = header.split(' ');
  if (scheme === 'Bearer') return value;
  return scheme === 'Basic' ? (Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? null) : null;
}
