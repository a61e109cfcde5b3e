import { textOf, type Json } from '../frame/json-text.js';
import { route, type Route } from '../frame/router.js';
import { checkCharge } from './amounts.js';
import { takes, type Call } from './call.js';
import { PRICE_DATA } from './catalogue.js';
import { emit } from './events.js';
import { invalid, missing } from './errors.js';
import { currencyOf, linesIn, totalOf } from './line-items.js';
import { listIn, metadataIn, objectIn, requiredText, textIn } from './params.js';
import { create, find, list, LIST_PARAMS, seconds } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const PATH = '/v1/checkout/sessions';
const MODES = ['payment', 'subscription', 'setup'];
const HALF_AN_HOUR = 1_800;
const DAY = 86_400;
const PARAMS = {
  mode: 'text',
  success_url: 'text',
  cancel_url: 'text',
  customer: 'text',
  customer_email: 'text',
  customer_creation: 'text',
  client_reference_id: 'text',
  currency: 'text',
  metadata: 'hash',
  expires_at: 'integer',
  locale: 'text',
  payment_method_types: ['text'],
  allow_promotion_codes: 'boolean',
  line_items: [{ price: 'text', quantity: 'integer', price_data: PRICE_DATA }],
  payment_intent_data: {
    metadata: 'hash',
    setup_future_usage: 'text',
    description: 'text',
    receipt_email: 'text',
    statement_descriptor: 'text',
  },
  subscription_data: { metadata: 'hash', trial_period_days: 'integer', description: 'text' },
  setup_intent_data: { metadata: 'hash', description: 'text' },
} as const;

/** A page to pay on. Nothing is charged, and no intent made, before somebody does. */
function make(world: StripeWorld, call: Call): StripeObject {
  const { params } = call;
  const mode = requiredText(params, 'mode');
  if (!MODES.includes(mode)) throw invalid(`Invalid mode: must be one of ${MODES.join(', ')}`, 'mode');
  const successUrl = requiredText(params, 'success_url');
  if (!/^https?:\/\//.test(successUrl)) throw invalid('Not a valid URL', 'success_url', 'url_invalid');
  const customer = textIn(params, 'customer');
  if (customer !== null) find(world, call, 'customer', customer, 'customer');
  if (customer !== null && textIn(params, 'customer_email') !== null) {
    throw invalid(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer_email',
    );
  }
  if (mode === 'setup' && textIn(params, 'currency') === null && !('payment_method_types' in params))
    throw missing('currency');
  const lines = mode === 'setup' ? [] : linesIn(world, call, listIn(params, 'line_items'), 'line_items');
  const recurring = lines.some(({ price }) => price['recurring'] !== null);
  if (mode === 'payment' && recurring)
    throw invalid('You specified `payment` mode but passed a recurring price.', 'line_items');
  if (mode === 'subscription' && !recurring)
    throw invalid('You must provide at least one recurring price in `subscription` mode.', 'line_items');
  if (mode === 'payment') checkCharge(totalOf(lines), currencyOf(lines), 'line_items');
  const session = create(
    world,
    call,
    { prefix: 'cs_test', object: 'checkout.session' },
    {
      amount_subtotal: lines.length > 0 ? totalOf(lines) : null,
      amount_total: lines.length > 0 ? totalOf(lines) : null,
      cancel_url: textIn(params, 'cancel_url'),
      client_reference_id: textIn(params, 'client_reference_id'),
      currency: lines.length > 0 ? currencyOf(lines) : textIn(params, 'currency'),
      customer,
      customer_creation: customer === null ? (textIn(params, 'customer_creation') ?? 'if_required') : null,
      customer_email: textIn(params, 'customer_email'),
      customer_details: null,
      expires_at: expiryIn(world, textIn(params, 'expires_at')),
      invoice: null,
      metadata: metadataIn(params),
      mode,
      payment_intent: null,
      payment_method_types: ['card'],
      payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
      setup_intent: null,
      status: 'open',
      subscription: null,
      success_url: successUrl,
    },
  );
  session['url'] = `${world.url()}/c/pay/${session.id}`;
  world.plans.set(session.id, { call, lines, data: dataIn(call, mode) });
  planExpiry(world, session);
  return session;
}

/** What the intent or subscription of the session is to have. */
function dataIn({ params }: Call, mode: string) {
  const data = objectIn(
    params,
    mode === 'payment' ? 'payment_intent_data' : `${mode === 'setup' ? 'setup_intent' : mode}_data`,
  );
  return { metadata: metadataIn(data), savesCard: textIn(data, 'setup_future_usage') !== null };
}

function expiryIn(world: StripeWorld, given: string | null): number {
  const now = seconds(world);
  if (given === null) return now + DAY;
  const expiry = Number(given);
  if (expiry < now + HALF_AN_HOUR || expiry > now + DAY)
    throw invalid(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
      'expires_at',
    );
  return expiry;
}

function planExpiry(world: StripeWorld, session: StripeObject): void {
  world.clock.after((Number(session['expires_at']) - seconds(world)) * 1_000, () =>
    expireSession(world, session),
  );
}

export function expireSession(world: StripeWorld, session: StripeObject): void {
  if (session['status'] !== 'open') return;
  session['status'] = 'expired';
  session['url'] = null;
  emit(world, 'checkout.session.expired', session);
}

function expire(world: StripeWorld, call: Call): StripeObject {
  const session = find(world, call, 'checkout.session', call.path['id'] ?? '');
  if (session['status'] !== 'open')
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${textOf(session['status'])}\`.`,
    );
  expireSession(world, session);
  return session;
}

const FILTERS = {
  ...LIST_PARAMS,
  payment_intent: 'text',
  subscription: 'text',
  customer: 'text',
  status: 'text',
} as const;
const FILTERED = ['payment_intent', 'subscription', 'customer', 'status'];

export const checkoutRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes(PARAMS, make)),
  route(
    'GET',
    PATH,
    takes(FILTERS, (world, call): Json => list(world, call, 'checkout.session', FILTERED, PATH)),
  ),
  route(
    'GET',
    `${PATH}/:id`,
    takes({}, (world, call) => find(world, call, 'checkout.session', call.path['id'] ?? '')),
  ),
  route('POST', `${PATH}/:id/expire`, takes({}, expire)),
];
