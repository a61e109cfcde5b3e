import { route, type Route } from '../frame/router.js';
import { beginSubscription } from './bill-subscription.js';
import { takes, type Call } from './call.js';
import { emit } from './events.js';
import { invalid } from './errors.js';
import { linesIn } from './line-items.js';
import { isTrue, listIn, metadataIn, requiredText, textIn } from './params.js';
import { find, list, LIST_PARAMS, seconds } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const PATH = '/v1/subscriptions';
const PARAMS = {
  customer: 'text',
  items: [{ price: 'text', quantity: 'integer' }],
  default_payment_method: 'text',
  metadata: 'hash',
  off_session: 'boolean',
  payment_behavior: 'text',
  proration_behavior: 'text',
  cancel_at_period_end: 'boolean',
  description: 'text',
} as const;

function make(world: StripeWorld, call: Call): StripeObject {
  const { params } = call;
  const customer = find(world, call, 'customer', requiredText(params, 'customer'), 'customer');
  const lines = linesIn(world, call, listIn(params, 'items'), 'items');
  if (lines.some(({ price }) => price['recurring'] === null))
    throw invalid(
      'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
      'items[0][price]',
    );
  const settings = customer['invoice_settings'] as { default_payment_method: string | null } | undefined;
  const cardId = textIn(params, 'default_payment_method') ?? settings?.default_payment_method ?? null;
  if (cardId === null)
    throw invalid(
      'This customer has no attached payment source or default payment method.',
      undefined,
      'resource_missing',
    );
  const card = find(world, call, 'payment_method', cardId, 'default_payment_method');
  return beginSubscription(world, call, { customer: customer.id, lines, card, metadata: metadataIn(params) })
    .subscription;
}

function change(world: StripeWorld, call: Call): StripeObject {
  const subscription = find(world, call, 'subscription', call.path['id'] ?? '');
  const { params } = call;
  if ('cancel_at_period_end' in params)
    subscription['cancel_at_period_end'] = isTrue(params, 'cancel_at_period_end');
  if ('metadata' in params)
    subscription['metadata'] = { ...(subscription['metadata'] as object), ...metadataIn(params) };
  const card = textIn(params, 'default_payment_method');
  if (card !== null)
    subscription['default_payment_method'] = find(
      world,
      call,
      'payment_method',
      card,
      'default_payment_method',
    ).id;
  emit(world, 'customer.subscription.updated', subscription, call.idempotencyKey);
  return subscription;
}

function cancel(world: StripeWorld, call: Call): StripeObject {
  const subscription = find(world, call, 'subscription', call.path['id'] ?? '');
  if (subscription['status'] === 'canceled')
    throw invalid(`No such subscription: '${subscription.id}'`, 'id', 'resource_missing');
  endSubscription(world, subscription);
  return subscription;
}

export function endSubscription(world: StripeWorld, subscription: StripeObject): void {
  subscription['status'] = 'canceled';
  subscription['canceled_at'] = seconds(world);
  emit(world, 'customer.subscription.deleted', subscription);
}

export const subscriptionRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes(PARAMS, make)),
  route(
    'GET',
    PATH,
    takes({ ...LIST_PARAMS, customer: 'text', status: 'text' }, (world, call) =>
      list(world, call, 'subscription', ['customer', 'status'], PATH),
    ),
  ),
  route(
    'GET',
    `${PATH}/:id`,
    takes({}, (world, call) => find(world, call, 'subscription', call.path['id'] ?? '')),
  ),
  route('POST', `${PATH}/:id`, takes(PARAMS, change)),
  route('DELETE', `${PATH}/:id`, takes({ invoice_now: 'boolean', prorate: 'boolean' }, cancel)),
  route(
    'GET',
    '/v1/invoices',
    takes({ ...LIST_PARAMS, customer: 'text', status: 'text' }, (world, call) =>
      list(world, call, 'invoice', ['customer', 'status'], '/v1/invoices'),
    ),
  ),
  route(
    'GET',
    '/v1/invoices/:id',
    takes({}, (world, call) => find(world, call, 'invoice', call.path['id'] ?? '', 'invoice')),
  ),
];
