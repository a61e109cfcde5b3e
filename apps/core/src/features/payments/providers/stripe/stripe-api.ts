import http from 'node:http';
import https from 'node:https';

import Stripe from 'stripe';

import { IDLE_MS } from '../../../../platform/http-client/connecting-agents.js';
import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import type { StripeCredentials } from '../credentials.js';
import { textAt } from '../json-fields.js';
import { rejected, unknown } from '../outcomes.js';
import type { OpenAccount, ProviderDeps } from '../provider-clients.js';

export type StripeAccount = OpenAccount<'stripe', StripeCredentials>;

const TIMEOUT_MS = 10_000;
/** Each with the same idempotency key as the first, which the SDK sees to. */
const RETRIES = 2;
const TOTAL_MS = 30_000;

/** What a call came to: its object, Stripe's refusal, or nothing that anything can be concluded from. */
export type StripeResult<T> =
  | { readonly kind: 'object'; readonly object: T }
  | { readonly kind: 'refused'; readonly error: InstanceType<typeof Stripe.errors.StripeError> }
  | { readonly kind: 'unknown'; readonly message: string };

/** Stripe's API on one account. */
export interface StripeApi {
  readonly account: StripeAccount;
  /** `object` is Stripe's name of what is to come back: anything else is no answer. */
  call<T extends { object: string }>(
    object: T['object'],
    work: (stripe: Stripe) => Promise<T>,
  ): Promise<StripeResult<T>>;
  /** What the SDK has put together of several pages. */
  collect<T>(work: (stripe: Stripe) => Promise<T[]>): Promise<StripeResult<T[]>>;
}

export function stripeApi(deps: ProviderDeps, account: StripeAccount): StripeApi {
  const stripe = new Stripe(account.credentials.secretKey, optionsFor(deps.urls.stripe));
  const run = <T>(work: (client: Stripe) => Promise<T>, isExpected: (answer: unknown) => boolean) =>
    guarded(deps, account, () => work(stripe), isExpected);
  return {
    account,
    call: (object, work) => run(work, (answer) => textAt(answer, 'object') === object),
    collect: (work) => run(work, Array.isArray),
  };
}

/** A client for each account: nothing of one tenant's is ever in reach of another's. */
function optionsFor(address: string) {
  const url = new URL(address);
  const isPlain = url.protocol === 'http:';
  return {
    host: url.hostname,
    port: url.port === '' ? (isPlain ? 80 : 443) : Number(url.port),
    protocol: isPlain ? ('http' as const) : ('https' as const),
    httpAgent: isPlain ? PLAIN : SECURE,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
  };
}

const PLAIN = new http.Agent({ keepAlive: true, timeout: IDLE_MS });
const SECURE = new https.Agent({ keepAlive: true, timeout: IDLE_MS });

async function guarded<T>(
  { calls, urls }: ProviderDeps,
  account: StripeAccount,
  work: () => Promise<T>,
  isExpected: (answer: unknown) => boolean,
): Promise<StripeResult<T>> {
  const limits = { totalMs: TOTAL_MS, callsAtOnce: 8, callsWaiting: 32, failuresInARow: 5, restMs: 15_000 };
  const result: StripeResult<T> | NoAnswer = await calls.run<StripeResult<T>>(
    { account: `stripe:${account.id}`, place: new URL(urls.stripe).host, limits },
    () => work().then((answer) => answerOf(answer, isExpected), resultOf),
    ({ kind }) => kind === 'unknown',
  );
  return result.kind === 'no_answer' ? unknown(result.reason) : result;
}

/**
 * The SDK takes any JSON without `error` in it for success, whatever the HTTP status: a 429 with an empty body resolves
 * (23.1.0). What is not the object that was asked for is no answer.
 */
function answerOf<T>(object: T, isExpected: (answer: unknown) => boolean): StripeResult<T> {
  return isExpected(object) ? { kind: 'object', object } : unknown('Stripe answered with something else.');
}

/**
 * What an error of the SDK says. A lost connection, a 5xx, a 429 and a request with the same key under way say nothing of
 * what was done, nor does a key that was used for something else before: that may be the same charge in other words.
 */
function resultOf(error: unknown): StripeResult<never> {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  // Its message may have the address in it, and nothing else is to be learned from it.
  if (error instanceof Stripe.errors.StripeConnectionError) throw new Error('the connection failed');
  const status = error.statusCode ?? 0;
  const isClear =
    status >= 400 &&
    status < 500 &&
    ![408, 409, 424, 429].includes(status) &&
    !(error instanceof Stripe.errors.StripeIdempotencyError);
  return isClear ? { kind: 'refused', error } : unknown(saidBy(error.code, error.message));
}

/** Stripe's refusal as the books keep it. */
export function refusalOf(error: InstanceType<typeof Stripe.errors.StripeError>) {
  const isCredentials = error.statusCode === 401 || error.statusCode === 403;
  return rejected(isCredentials ? 'invalid_credentials' : saidBy(error.code, error.type), error.message);
}

/** The first of some texts that says something: where Stripe says nothing the SDK puts an empty one (23.1.0). */
export function saidBy(...texts: readonly (string | null | undefined)[]): string {
  return texts.find((text) => text !== undefined && text !== null && text !== '') ?? 'unknown';
}
