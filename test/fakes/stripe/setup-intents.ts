import { route, type Route } from '../frame/router.js';
import { takes, type Call } from './call.js';
import { testCard } from './cards.js';
import { emit } from './events.js';
import { isTrue, metadataIn, textIn } from './params.js';
import { create, find } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const PATH = '/v1/setup_intents';
const CONFIRM = { payment_method: 'text', return_url: 'text' } as const;
const CREATE = {
  ...CONFIRM,
  customer: 'text',
  usage: 'text',
  confirm: 'boolean',
  metadata: 'hash',
  description: 'text',
  payment_method_types: ['text'],
  automatic_payment_methods: { enabled: 'boolean', allow_redirects: 'text' },
} as const;

export function newSetupIntent(
  world: StripeWorld,
  call: Call,
  customer: string | null,
  metadata: Record<string, string>,
): StripeObject {
  const members = {
    customer,
    metadata,
    usage: 'off_session',
    status: 'requires_payment_method',
    payment_method: null,
    last_setup_error: null,
    next_action: null,
  };
  const intent = create(world, call, { prefix: 'seti', object: 'setup_intent' }, members);
  intent['client_secret'] = `${intent.id}_secret_${world.ids.text(16)}`;
  return intent;
}

function make(world: StripeWorld, call: Call): StripeObject {
  const customer = textIn(call.params, 'customer');
  if (customer !== null) find(world, call, 'customer', customer, 'customer');
  const intent = newSetupIntent(world, call, customer, metadataIn(call.params));
  emit(world, 'setup_intent.created', intent, call.idempotencyKey);
  return isTrue(call.params, 'confirm') ? confirmed(world, call, intent) : intent;
}

function confirmed(world: StripeWorld, call: Call, intent: StripeObject): StripeObject {
  const id = textIn(call.params, 'payment_method') ?? '';
  const card = testCard(world, call, id) ?? find(world, call, 'payment_method', id, 'payment_method');
  succeedSetup(world, intent, card);
  return intent;
}

/** The card is the customer's from now on. */
export function succeedSetup(world: StripeWorld, intent: StripeObject, card: StripeObject): void {
  intent['status'] = 'succeeded';
  intent['payment_method'] = card.id;
  if (typeof intent['customer'] === 'string') card['customer'] = intent['customer'];
  emit(world, 'setup_intent.succeeded', intent);
  if (card['customer'] !== null) emit(world, 'payment_method.attached', card);
}

export const setupIntentRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes(CREATE, make)),
  route(
    'GET',
    `${PATH}/:id`,
    takes({ client_secret: 'text' }, (world, call) =>
      find(world, call, 'setup_intent', call.path['id'] ?? '', 'intent'),
    ),
  ),
  route(
    'POST',
    `${PATH}/:id/confirm`,
    takes(CONFIRM, (world, call) =>
      confirmed(world, call, find(world, call, 'setup_intent', call.path['id'] ?? '', 'intent')),
    ),
  ),
];
