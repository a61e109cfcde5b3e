import { route, type Route } from '../frame/router.js';
import { takes, type Call } from './call.js';
import { newCard, testCard } from './cards.js';
import { emit } from './events.js';
import { invalid } from './errors.js';
import { requiredText } from './params.js';
import { find, list, LIST_PARAMS } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const PATH = '/v1/payment_methods';

/** Gives a card to a customer; one of Stripe's for tests becomes a card of its own. */
function attach(world: StripeWorld, call: Call): StripeObject {
  const id = call.path['id'] ?? '';
  const customer = find(world, call, 'customer', requiredText(call.params, 'customer'), 'customer');
  const card = testCard(world, call, id) ?? find(world, call, 'payment_method', id, 'payment_method');
  if (card['customer'] !== null && card['customer'] !== customer.id) {
    throw invalid(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
    );
  }
  card['customer'] = customer.id;
  emit(world, 'payment_method.attached', card, call.idempotencyKey);
  return card;
}

function detach(world: StripeWorld, call: Call): StripeObject {
  const card = find(world, call, 'payment_method', call.path['id'] ?? '', 'payment_method');
  if (card['customer'] === null)
    throw invalid(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      'payment_method',
    );
  card['customer'] = null;
  emit(world, 'payment_method.detached', card, call.idempotencyKey);
  return card;
}

/** Numbers of cards are not taken: this merchant has a token of each. */
function make(world: StripeWorld, call: Call): StripeObject {
  const type = requiredText(call.params, 'type');
  if (type !== 'card') throw invalid(`Invalid type: ${type}`, 'type');
  return newCard(world, call, 'success');
}

export const paymentMethodRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes({ type: 'text', card: { token: 'text' }, metadata: 'hash' }, make)),
  route(
    'GET',
    PATH,
    takes({ ...LIST_PARAMS, customer: 'text', type: 'text' }, (world, call) =>
      list(world, call, 'payment_method', ['customer', 'type'], PATH),
    ),
  ),
  route(
    'GET',
    `${PATH}/:id`,
    takes({}, (world, call) => find(world, call, 'payment_method', call.path['id'] ?? '', 'payment_method')),
  ),
  route('POST', `${PATH}/:id/attach`, takes({ customer: 'text' }, attach)),
  route('POST', `${PATH}/:id/detach`, takes({}, detach)),
];
