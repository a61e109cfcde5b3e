import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { invalid, notFound } from './errors.js';
import { customerFor } from './new-transaction.js';
import { authenticate, optionalText, readCall, requiredEmail, requiredText } from './read-call.js';
import { authorizationWire, customerWire, succeeded } from './wire.js';
import type { PaystackWorld } from './world.js';

/** The same e-mail address answers with the customer of before. */
function create(world: PaystackWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const customer = customerFor(world, call, requiredEmail(call.body));
  customer.firstName = optionalText(call.body, 'first_name') ?? customer.firstName;
  customer.lastName = optionalText(call.body, 'last_name') ?? customer.lastName;
  customer.phone = optionalText(call.body, 'phone') ?? customer.phone;
  return json(200, succeeded('Customer created', customerWire(customer)));
}

function read(world: PaystackWorld, request: FakeRequest): Reply {
  const { account, domain } = authenticate(world, request);
  const wanted = request.params['code'];
  const customer = world.customers.find(
    (known) =>
      known.account === account.name &&
      known.domain === domain &&
      (known.code === wanted || known.email === wanted),
  );
  if (!customer) throw notFound('Customer not found', 'customer_not_found');
  const cards = world.authorizations.filter(
    (card) => card.email === customer.email && card.account === account.name && card.active,
  );
  return json(
    200,
    succeeded('Customer retrieved', {
      ...customerWire(customer),
      authorizations: cards.map(authorizationWire),
    }),
  );
}

function deactivate(world: PaystackWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const code = requiredText(call.body, 'authorization_code', 'Authorization code');
  const card = world.authorizations.find(
    (known) => known.code === code && known.account === call.account.name,
  );
  if (!card?.active)
    throw invalid('Authorization code does not exist or has been deactivated', 'invalid_authorization');
  card.active = false;
  return json(200, { status: true, message: 'Authorization has been deactivated' });
}

export const customerRoutes: readonly Route<PaystackWorld>[] = [
  route('POST', '/customer', create),
  route('GET', '/customer/:code', read),
  route('POST', '/customer/authorization/deactivate', deactivate),
];
