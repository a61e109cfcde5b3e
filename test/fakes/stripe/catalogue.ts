import { route, type Route } from '../frame/router.js';
import { amountIn, currencyIn } from './amounts.js';
import { takes, type Call } from './call.js';
import { invalid, missing } from './errors.js';
import { metadataIn, objectIn, requiredText, textIn } from './params.js';
import type { FormObject } from '../frame/form-body.js';
import { create, find, list, LIST_PARAMS } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const INTERVALS = ['day', 'week', 'month', 'year'];
const RECURRING = { interval: 'text', interval_count: 'integer', usage_type: 'text' } as const;
/** A price that is made on the way, in a line of a checkout. */
export const PRICE_DATA = {
  currency: 'text',
  unit_amount: 'integer',
  product: 'text',
  tax_behavior: 'text',
  recurring: RECURRING,
  product_data: { name: 'text', description: 'text', images: ['text'], metadata: 'hash' },
} as const;

function makeProduct(world: StripeWorld, call: Call): StripeObject {
  const members = {
    name: requiredText(call.params, 'name'),
    description: textIn(call.params, 'description'),
    active: true,
    metadata: metadataIn(call.params),
  };
  return create(world, call, { prefix: 'prod', object: 'product' }, members);
}

/** A price by its parameters, of a product that there is or that is made with it. */
export function makePrice(world: StripeWorld, call: Call, params: FormObject): StripeObject {
  const recurring = params['recurring'] === undefined ? null : recurringIn(objectIn(params, 'recurring'));
  const unitAmount = amountIn(params, 'unit_amount');
  if (unitAmount < 0)
    throw invalid(
      'This value must be greater than or equal to 0.',
      'unit_amount',
      'parameter_invalid_integer',
    );
  const currency = currencyIn(params);
  return create(
    world,
    call,
    { prefix: 'price', object: 'price' },
    {
      active: true,
      currency,
      unit_amount: unitAmount,
      unit_amount_decimal: String(unitAmount),
      product: productOf(world, call, params),
      recurring,
      type: recurring ? 'recurring' : 'one_time',
      metadata: metadataIn(params),
    },
  );
}

function productOf(world: StripeWorld, call: Call, params: FormObject): string {
  const named = textIn(params, 'product');
  if (named !== null) return find(world, call, 'product', named, 'product').id;
  const data = objectIn(params, 'product_data');
  const name = textIn(data, 'name');
  if (name === null) throw missing('product');
  return create(
    world,
    call,
    { prefix: 'prod', object: 'product' },
    { name, description: textIn(data, 'description'), active: true, metadata: metadataIn(data) },
  ).id;
}

function recurringIn(params: FormObject) {
  const interval = requiredText(params, 'interval');
  if (!INTERVALS.includes(interval))
    throw invalid(`Invalid interval: must be one of ${INTERVALS.join(', ')}`, 'recurring[interval]');
  return { interval, interval_count: Number(textIn(params, 'interval_count') ?? 1), usage_type: 'licensed' };
}

const PRODUCT = {
  name: 'text',
  description: 'text',
  metadata: 'hash',
  images: ['text'],
  id: 'text',
  active: 'boolean',
} as const;
const PRICE = {
  ...PRICE_DATA,
  product_data: { name: 'text', metadata: 'hash' },
  nickname: 'text',
  metadata: 'hash',
  lookup_key: 'text',
  active: 'boolean',
} as const;

export const catalogueRoutes: readonly Route<StripeWorld>[] = [
  route('POST', '/v1/products', takes(PRODUCT, makeProduct)),
  route(
    'GET',
    '/v1/products',
    takes(LIST_PARAMS, (world, call) => list(world, call, 'product', [], '/v1/products')),
  ),
  route(
    'GET',
    '/v1/products/:id',
    takes({}, (world, call) => find(world, call, 'product', call.path['id'] ?? '')),
  ),
  route(
    'POST',
    '/v1/prices',
    takes(PRICE, (world, call) => makePrice(world, call, call.params)),
  ),
  route(
    'GET',
    '/v1/prices',
    takes({ ...LIST_PARAMS, product: 'text' }, (world, call) =>
      list(world, call, 'price', ['product'], '/v1/prices'),
    ),
  ),
  route(
    'GET',
    '/v1/prices/:id',
    takes({}, (world, call) => find(world, call, 'price', call.path['id'] ?? '')),
  ),
];
