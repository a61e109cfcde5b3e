import { route, type Route } from '../frame/router.js';
import { takes, type Call } from './call.js';
import { emit } from './events.js';
import { invalid } from './errors.js';
import { metadataIn, objectIn, textIn } from './params.js';
import { create, find, list, LIST_PARAMS } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const ADDRESS = {
  city: 'text',
  country: 'text',
  line1: 'text',
  line2: 'text',
  postal_code: 'text',
  state: 'text',
} as const;
const PARAMS = {
  email: 'text',
  name: 'text',
  phone: 'text',
  description: 'text',
  metadata: 'hash',
  address: ADDRESS,
  preferred_locales: ['text'],
  payment_method: 'text',
  invoice_settings: { default_payment_method: 'text' },
} as const;

function make(world: StripeWorld, call: Call): StripeObject {
  const { params } = call;
  checkEmail(textIn(params, 'email'));
  const customer = create(
    world,
    call,
    { prefix: 'cus', object: 'customer' },
    {
      email: textIn(params, 'email'),
      name: textIn(params, 'name'),
      phone: textIn(params, 'phone'),
      description: textIn(params, 'description'),
      metadata: metadataIn(params),
      balance: 0,
      delinquent: false,
      invoice_settings: {
        default_payment_method: textIn(objectIn(params, 'invoice_settings'), 'default_payment_method'),
      },
    },
  );
  emit(world, 'customer.created', customer, call.idempotencyKey);
  return customer;
}

function change(world: StripeWorld, call: Call): StripeObject {
  const customer = find(world, call, 'customer', call.path['id'] ?? '');
  const { params } = call;
  checkEmail(textIn(params, 'email'));
  for (const name of ['email', 'name', 'phone', 'description'])
    if (name in params) customer[name] = textIn(params, name);
  if ('metadata' in params)
    customer['metadata'] = { ...(customer['metadata'] as object), ...metadataIn(params) };
  if ('invoice_settings' in params) {
    customer['invoice_settings'] = {
      default_payment_method: textIn(objectIn(params, 'invoice_settings'), 'default_payment_method'),
    };
  }
  emit(world, 'customer.updated', customer, call.idempotencyKey);
  return customer;
}

function checkEmail(email: string | null): void {
  if (email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalid(`Invalid email address: ${email}`, 'email', 'email_invalid');
}

const PATH = '/v1/customers';

export const customerRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes(PARAMS, make)),
  route(
    'GET',
    PATH,
    takes({ ...LIST_PARAMS, email: 'text' }, (world, call) => list(world, call, 'customer', ['email'], PATH)),
  ),
  route(
    'GET',
    `${PATH}/:id`,
    takes({}, (world, call) => find(world, call, 'customer', call.path['id'] ?? '')),
  ),
  route('POST', `${PATH}/:id`, takes(PARAMS, change)),
];
