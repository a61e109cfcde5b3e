import type { Mode } from '../frame/definition.js';
import { textOf } from '../frame/json-text.js';
import type { Behaviour } from '../frame/scripts.js';
import { CARD_BEHAVIOURS, type CardBehaviour, type StripeWorld } from './world.js';

type StripeMode = Mode<StripeWorld>;

const next = (about: string, path: string, behaviour: Behaviour): StripeMode => ({
  about,
  set: (_world, { ref }, script) =>
    script({ match: { method: 'POST', path, ...(ref ? { ref } : {}) }, do: behaviour }),
});

const RATE_LIMIT = {
  error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Request rate limit exceeded.' },
};

/** What the card of the next charge does, whichever it is. */
const cardModes = Object.fromEntries(
  CARD_BEHAVIOURS.map((behaviour): [string, StripeMode] => [
    `card-${behaviour.replaceAll('_', '-')}`,
    next(`the next card that is charged: ${behaviour}`, '/v1/payment_intents*', { outcome: behaviour }),
  ]),
);

/** The states that Stripe is known for. A mode is for the next request that it fits, unless it says that it stays. */
export const stripeModes: Readonly<Record<string, StripeMode>> = {
  ...cardModes,
  'card-becomes': {
    about: 'stays: the payment method `id` does `behaviour` from now on',
    set: (world, { id, behaviour }) => {
      const card = world.stored.get(textOf(id));
      const wanted = CARD_BEHAVIOURS.find((known): known is CardBehaviour => known === behaviour);
      if (!card || !wanted)
        throw new Error(`There is no card ${textOf(id)}, or nothing like ${textOf(behaviour)}.`);
      card.behaviour = wanted;
    },
  },
  'refund-pending': next('the refund is pending until it is advanced', '/v1/refunds', { outcome: 'pending' }),
  'stored-500': next('the work is done, and its key stands for HTTP 500', '/v1/*', { outcome: 'stored-500' }),
  'slow-work': {
    about: 'the work takes `workMs`: a second request with its key is refused meanwhile',
    set: (_world, { workMs }, script) =>
      script({ match: { method: 'POST' }, do: { workMs: Number(workMs ?? 200) } }),
  },
  'rate-limited': next('429 with Stripe-Should-Retry', '/v1/*', {
    status: 429,
    headers: { 'stripe-should-retry': 'true', 'retry-after': '1' },
    body: RATE_LIMIT,
  }),
  'reset-before': next('the connection ends before the work', '/v1/*', { drop: 'before' }),
  'reset-after': next('the connection ends after the work', '/v1/*', { drop: 'after-commit' }),
  'gateway-page': next('502 with an HTML page', '/v1/*', { malformed: 'html' }),
  'twin-events': {
    about: 'the next event is told of under two identifiers',
    set: (world) => void (world.twinEvents = true),
  },
  'webhook-url': {
    about: 'stays: webhooks go to `url`',
    set: (world, { url }) => world.endpoints.forEach((endpoint) => (endpoint.url = textOf(url))),
  },
  'rolling-secret': {
    about: 'stays: every address has a new secret (`secret`) beside its old one',
    set: (world, { secret }) =>
      world.endpoints.forEach((endpoint) => (endpoint.secret = `${textOf(secret)} ${endpoint.secret}`)),
  },
};
