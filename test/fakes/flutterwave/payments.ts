import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import {
  chargeAmount,
  emailIn,
  objectIn,
  optionalText,
  readCall,
  refused,
  requiredText,
} from './read-call.js';
import { succeeded } from './wire.js';
import type { FlutterwaveWorld } from './world.js';

const MINUTE_MS = 60_000;
const DURATION = { default: 30, max: 1_440 };
const TRIES = 5;

/** A page to pay on. A reference may have several, and there is no transaction yet. */
function create(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const { account, body } = readCall(world, request);
  const txRef = requiredText(body, 'tx_ref');
  const { amount, currency } = chargeAmount(account, body);
  const customer = objectIn(body, 'customer');
  const email = emailIn(customer);
  const redirectUrl = optionalText(body, 'redirect_url');
  if (redirectUrl !== null && !URL.canParse(redirectUrl))
    throw refused(400, 'redirect_url must be a valid url');
  if (body['customizations'] !== undefined) objectIn(body, 'customizations');
  if (body['meta'] !== undefined) objectIn(body, 'meta');
  const id = world.ids.text(20);
  world.links.push({
    id,
    account: account.name,
    txRef,
    amount,
    currency,
    email,
    customerName: optionalText(customer, 'name'),
    phone: optionalText(customer, 'phone_number'),
    redirectUrl,
    meta: body['meta'] ?? null,
    triesLeft: wholeNumber(body['max_retry_attempt'], 'max_retry_attempt') ?? TRIES,
    expiresAt: world.clock.now() + sessionMinutes(body['session_duration']) * MINUTE_MS,
  });
  return json(200, succeeded('Hosted Link', { link: `${world.url()}/v3/hosted/pay/${id}` }));
}

function sessionMinutes(given: unknown): number {
  const minutes = wholeNumber(given, 'session_duration') ?? DURATION.default;
  if (minutes > DURATION.max) throw refused(400, `session_duration must not be more than ${DURATION.max}`);
  return minutes;
}

function wholeNumber(given: unknown, name: string): number | null {
  if (given === undefined || given === null) return null;
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 1)
    throw refused(400, `${name} must be a positive integer`);
  return given;
}

export const paymentRoutes: readonly Route<FlutterwaveWorld>[] = [route('POST', '/v3/payments', create)];
