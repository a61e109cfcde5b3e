import { textOf } from '../frame/json-text.js';
import type { FormObject } from '../frame/form-body.js';
import { route, type Route } from '../frame/router.js';
import { amountIn, checkCharge, currencyIn } from './amounts.js';
import { takes, type Call } from './call.js';
import { testCard } from './cards.js';
import { emit } from './events.js';
import { invalid } from './errors.js';
import { isTrue, metadataIn, textIn } from './params.js';
import { confirmIntent, succeedIntent } from './settle-intent.js';
import { create, find, findStored, list, LIST_PARAMS } from './store.js';
import { CARD_BEHAVIOURS, type StripeObject, type StripeWorld } from './world.js';

const PATH = '/v1/payment_intents';
const CONFIRM = {
  payment_method: 'text',
  off_session: 'text',
  return_url: 'text',
  setup_future_usage: 'text',
  receipt_email: 'text',
} as const;
const CREATE = {
  ...CONFIRM,
  amount: 'integer',
  currency: 'text',
  customer: 'text',
  confirm: 'boolean',
  metadata: 'hash',
  description: 'text',
  capture_method: 'text',
  confirmation_method: 'text',
  payment_method_types: ['text'],
  statement_descriptor: 'text',
  statement_descriptor_suffix: 'text',
  automatic_payment_methods: { enabled: 'boolean', allow_redirects: 'text' },
  error_on_requires_action: 'boolean',
} as const;

/** An intent without a card yet. */
export function newIntent(
  world: StripeWorld,
  call: Call,
  members: { amount: number; currency: string; customer: string | null; metadata: Record<string, string> },
): StripeObject {
  const intent = create(
    world,
    call,
    { prefix: 'pi', object: 'payment_intent' },
    {
      ...members,
      amount_received: 0,
      amount_capturable: 0,
      capture_method: 'automatic',
      confirmation_method: 'automatic',
      status: 'requires_payment_method',
      latest_charge: null,
      last_payment_error: null,
      next_action: null,
      payment_method: null,
      payment_method_types: ['card'],
      canceled_at: null,
      cancellation_reason: null,
    },
  );
  intent['client_secret'] = `${intent.id}_secret_${world.ids.text(16)}`;
  if (call.idempotencyKey) world.keyOfIntent.set(intent.id, call.idempotencyKey);
  return intent;
}

function make(world: StripeWorld, call: Call): StripeObject {
  const { params } = call;
  const amount = amountIn(params);
  const currency = currencyIn(params);
  checkCharge(amount, currency);
  const customer = textIn(params, 'customer');
  if (customer !== null) find(world, call, 'customer', customer, 'customer');
  if (isTrue(params, 'off_session') && !isTrue(params, 'confirm')) {
    throw invalid('off_session can only be set when confirm is true', 'off_session');
  }
  const card = textIn(params, 'payment_method') === null ? null : cardFor(world, call, customer);
  const intent = newIntent(world, call, { amount, currency, customer, metadata: metadataIn(params) });
  intent['description'] = textIn(params, 'description');
  intent['capture_method'] = textIn(params, 'capture_method') ?? 'automatic';
  intent['setup_future_usage'] = textIn(params, 'setup_future_usage');
  emit(world, 'payment_intent.created', intent, call.idempotencyKey);
  if (card) {
    intent['payment_method'] = card.id;
    intent['status'] = 'requires_confirmation';
  }
  return isTrue(params, 'confirm') ? confirmed(world, call, intent) : intent;
}

function confirm(world: StripeWorld, call: Call): StripeObject {
  const intent = find(world, call, 'payment_intent', call.path['id'] ?? '', 'intent');
  if (
    !['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(
      textOf(intent['status']),
    )
  )
    throw unexpected(intent, 'confirm');
  if (textIn(call.params, 'payment_method') !== null)
    intent['payment_method'] = cardFor(world, call, textIn(intent as FormObject, 'customer')).id;
  return confirmed(world, call, intent);
}

function confirmed(world: StripeWorld, call: Call, intent: StripeObject): StripeObject {
  if (typeof intent['payment_method'] !== 'string') {
    throw invalid(
      'You cannot confirm this PaymentIntent because it’s missing a payment method.',
      'payment_method',
      'payment_intent_unexpected_state',
    );
  }
  intent['return_url'] = textIn(call.params, 'return_url');
  const { data: card, behaviour } = findStored(
    world,
    call,
    'payment_method',
    intent['payment_method'],
    'payment_method',
  );
  const wanted = CARD_BEHAVIOURS.find((known) => known === call.outcome) ?? behaviour;
  confirmIntent(
    world,
    intent,
    card,
    wanted,
    isTrue(call.params, 'off_session') ? 'off-session' : 'on-session',
  );
  return intent;
}

/** A card that may be charged for this customer: another's is refused. */
function cardFor(world: StripeWorld, call: Call, customer: string | null): StripeObject {
  const id = textIn(call.params, 'payment_method') ?? '';
  const card = testCard(world, call, id) ?? find(world, call, 'payment_method', id, 'payment_method');
  if (card['customer'] === null || card['customer'] === customer) return card;
  throw invalid(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    'payment_method',
    'resource_missing',
  );
}

function cancel(world: StripeWorld, call: Call): StripeObject {
  const intent = find(world, call, 'payment_intent', call.path['id'] ?? '', 'intent');
  if (['succeeded', 'canceled', 'processing'].includes(textOf(intent['status'])))
    throw unexpected(intent, 'cancel');
  intent['status'] = 'canceled';
  intent['cancellation_reason'] = textIn(call.params, 'cancellation_reason');
  emit(world, 'payment_intent.canceled', intent, call.idempotencyKey);
  return intent;
}

function capture(world: StripeWorld, call: Call): StripeObject {
  const intent = find(world, call, 'payment_intent', call.path['id'] ?? '', 'intent');
  if (intent['status'] !== 'requires_capture') throw unexpected(intent, 'capture');
  const amount =
    textIn(call.params, 'amount_to_capture') === null
      ? Number(intent['amount'])
      : amountIn(call.params, 'amount_to_capture');
  if (amount > Number(intent['amount']))
    throw invalid(
      'The requested capture amount is greater than the amount you can capture for this charge.',
      'amount_to_capture',
      'amount_too_large',
    );
  succeedIntent(world, intent, amount);
  return intent;
}

const unexpected = (intent: StripeObject, verb: string) =>
  invalid(
    `You cannot ${verb} this PaymentIntent because it has a status of ${textOf(intent['status'])}.`,
    undefined,
    'payment_intent_unexpected_state',
  );

export const paymentIntentRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes(CREATE, make)),
  route(
    'GET',
    PATH,
    takes({ ...LIST_PARAMS, customer: 'text' }, (world, call) =>
      list(world, call, 'payment_intent', ['customer'], PATH),
    ),
  ),
  route(
    'GET',
    `${PATH}/:id`,
    takes({ client_secret: 'text' }, (world, call) =>
      find(world, call, 'payment_intent', call.path['id'] ?? '', 'intent'),
    ),
  ),
  route('POST', `${PATH}/:id/confirm`, takes(CONFIRM, confirm)),
  route('POST', `${PATH}/:id/cancel`, takes({ cancellation_reason: 'text' }, cancel)),
  route('POST', `${PATH}/:id/capture`, takes({ amount_to_capture: 'integer', metadata: 'hash' }, capture)),
];
