import type Stripe from 'stripe';

import { unknown, type VerifyOutcome } from '../outcomes.js';
import type { ChargeQuery } from '../payment-provider.js';
import { realSince } from '../real-since.js';
import { intentOutcome } from './intent-outcome.js';
import { refusalOf, type StripeApi, type StripeResult } from './stripe-api.js';

/** Clocks differ: what was made about then is looked through from a little before. */
const LEEWAY_S = 600;
const INTENTS_MAX = 2_000;

/**
 * Asks after a charge by its intent or its page, and, while neither is known, by our reference in the metadata of what
 * was made since. The list is Stripe's present state, which its search is not.
 */
export async function verifyPayment(api: StripeApi, query: ChargeQuery, now: Date): Promise<VerifyOutcome> {
  const { providerPaymentId: id } = query;
  if (id === null) return findPayment(api, query, now);
  if (id.startsWith('cs_')) return verifySession(api, query, id);
  const result = await api.call('payment_intent', (stripe) =>
    stripe.paymentIntents.retrieve(id, { expand: ['payment_method'] }),
  );
  return result.kind === 'object' ? outcomeOf(api, query, result.object) : missing(result);
}

async function verifySession(api: StripeApi, query: ChargeQuery, id: string): Promise<VerifyOutcome> {
  const result = await api.call('checkout.session', (stripe) =>
    stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent', 'payment_intent.payment_method'] }),
  );
  return result.kind === 'object' ? sessionOutcome(api, query, result.object) : missing(result);
}

/** A session that is complete may be unpaid yet: methods that take days end it before the money comes. */
async function sessionOutcome(
  api: StripeApi,
  query: ChargeQuery,
  session: Stripe.Checkout.Session,
): Promise<VerifyOutcome> {
  const { payment_intent: intent, id, url, status } = session;
  if (intent && typeof intent !== 'string' && intent.status === 'succeeded')
    return outcomeOf(api, query, intent);
  if (status === 'open' && url) return { kind: 'requires_action', url, providerPaymentId: id };
  if (status === 'expired') {
    return {
      kind: 'declined',
      code: 'expired',
      message: 'The page to pay on was not used in time.',
      retryable: true,
    };
  }
  if (!intent || typeof intent === 'string') return { kind: 'pending', providerPaymentId: id };
  const outcome = outcomeOf(api, query, intent);
  return outcome.kind === 'pending' ? { ...outcome, providerPaymentId: id } : outcome;
}

async function findPayment(api: StripeApi, query: ChargeQuery, now: Date): Promise<VerifyOutcome> {
  const { reference, createdAt, providerCustomerId } = query;
  const since = realSince(api.account.mode, { createdAt, now });
  const created = { gte: Math.floor(since.getTime() / 1_000) - LEEWAY_S };
  const customer = providerCustomerId === null ? {} : { customer: providerCustomerId };
  const intents = await api.collect((stripe) =>
    stripe.paymentIntents
      .list({ created, ...customer, limit: 100 })
      .autoPagingToArray({ limit: INTENTS_MAX }),
  );
  if (intents.kind !== 'object') return missing(intents);
  const ours = intents.object.filter(({ metadata }) => metadata['reference'] === reference);
  // One that was given up for a page of the same reference is looked past.
  const told = ours.find(({ status }) => status !== 'canceled') ?? ours[0];
  if (told) return outcomeOf(api, query, told);
  // What was not looked through to its end may have it still.
  if (intents.object.length >= INTENTS_MAX)
    return unknown('There are more payments than are looked through at once.');
  return { kind: 'not_found' };
}

function outcomeOf(api: StripeApi, { reference }: ChargeQuery, intent: Stripe.PaymentIntent): VerifyOutcome {
  return intentOutcome(intent, { reference, mode: api.account.mode });
}

function missing(result: Exclude<StripeResult<unknown>, { kind: 'object' }>): VerifyOutcome {
  if (result.kind === 'unknown') return result;
  return result.error.statusCode === 404 ? { kind: 'not_found' } : unknown(refusalOf(result.error).message);
}
