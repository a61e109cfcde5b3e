import type { Json } from '../frame/json-text.js';
import { route, type Route } from '../frame/router.js';
import { takes, type Call } from './call.js';
import { invalid, noSuch } from './errors.js';
import { listIn, requiredText, textIn } from './params.js';
import { create, find, list, LIST_PARAMS } from './store.js';
import type { Endpoint, StripeObject, StripeWorld } from './world.js';

/** An address for webhooks; its secret is shown now and never again. */
function makeEndpoint(world: StripeWorld, call: Call): Json {
  const url = requiredText(call.params, 'url');
  if (!URL.canParse(url)) throw invalid('Not a valid URL', 'url', 'url_invalid');
  const events = listIn(call.params, 'enabled_events').map((event) =>
    typeof event === 'string' ? event : '',
  );
  if (events.length === 0)
    throw invalid('Missing required param: enabled_events.', 'enabled_events', 'parameter_missing');
  const endpoint: Endpoint = {
    id: `we_${world.ids.text(24)}`,
    account: call.account,
    livemode: call.livemode,
    url,
    secret: `whsec_${world.ids.text(32)}`,
    events,
  };
  world.endpoints.push(endpoint);
  return { ...endpointWire(endpoint), secret: endpoint.secret };
}

const endpointWire = (endpoint: Endpoint): StripeObject => ({
  id: endpoint.id,
  object: 'webhook_endpoint',
  enabled_events: [...endpoint.events],
  livemode: endpoint.livemode,
  status: 'enabled',
  url: typeof endpoint.url === 'string' ? endpoint.url : null,
});

const mine = (world: StripeWorld, call: Call) =>
  world.endpoints.filter(({ account, livemode }) => account === call.account && livemode === call.livemode);

function removeEndpoint(world: StripeWorld, call: Call): Json {
  const id = call.path['id'] ?? '';
  if (!mine(world, call).some((endpoint) => endpoint.id === id)) throw noSuch('webhook_endpoint', id);
  world.endpoints = world.endpoints.filter((endpoint) => endpoint.id !== id);
  return { id, object: 'webhook_endpoint', deleted: true };
}

const ENDPOINTS = '/v1/webhook_endpoints';
const NEW_ENDPOINT = {
  url: 'text',
  enabled_events: ['text'],
  api_version: 'text',
  description: 'text',
  metadata: 'hash',
} as const;

/** The page where customers look after their cards. */
function makePortal(world: StripeWorld, call: Call): StripeObject {
  const customer = find(world, call, 'customer', requiredText(call.params, 'customer'), 'customer');
  const session = create(
    world,
    call,
    { prefix: 'bps', object: 'billing_portal.session' },
    {
      customer: customer.id,
      return_url: textIn(call.params, 'return_url'),
      configuration: textIn(call.params, 'configuration') ?? 'bpc_default',
    },
  );
  session['url'] = `${world.url()}/p/session/${session.id}`;
  return session;
}

const PORTAL = {
  customer: 'text',
  return_url: 'text',
  configuration: 'text',
  locale: 'text',
  flow_data: { type: 'text' },
} as const;

export const accountRoutes: readonly Route<StripeWorld>[] = [
  route(
    'GET',
    '/v1/account',
    takes({}, (_world, { account }): Json => ({
      id: account,
      object: 'account',
      charges_enabled: true,
      country: 'US',
      default_currency: 'usd',
      type: 'standard',
    })),
  ),
  route(
    'GET',
    '/v1/balance',
    takes({}, (_world, { livemode }): Json => ({
      object: 'balance',
      livemode,
      available: [{ amount: 0, currency: 'usd' }],
      pending: [{ amount: 0, currency: 'usd' }],
    })),
  ),
  route(
    'GET',
    '/v1/charges/:id',
    takes({}, (world, call) => find(world, call, 'charge', call.path['id'] ?? '')),
  ),
  route(
    'GET',
    '/v1/events',
    takes({ ...LIST_PARAMS, type: 'text' }, (world, call) =>
      list(world, call, 'event', ['type'], '/v1/events'),
    ),
  ),
  route(
    'GET',
    '/v1/events/:id',
    takes({}, (world, call) => find(world, call, 'event', call.path['id'] ?? '')),
  ),
  route('POST', ENDPOINTS, takes(NEW_ENDPOINT, makeEndpoint)),
  route(
    'GET',
    ENDPOINTS,
    takes(LIST_PARAMS, (world, call): Json => ({
      object: 'list',
      url: ENDPOINTS,
      has_more: false,
      data: mine(world, call).map(endpointWire),
    })),
  ),
  route('DELETE', `${ENDPOINTS}/:id`, takes({}, removeEndpoint)),
  route('POST', '/v1/billing_portal/sessions', takes(PORTAL, makePortal)),
];
