import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { gatewayError } from './errors.js';
import type { MpesaWorld } from './world.js';

const LIFE_MS = 3_599_000;

/** The value of the Authorization header that asks for a token. */
export const basicAuthorization = (consumerKey: string, consumerSecret: string): string =>
  `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`;

/** A new token, which ends the one before. Wrong credentials are answered with nothing at all. */
function generate(world: MpesaWorld, request: FakeRequest): Reply {
  if (request.query.get('grant_type') !== 'client_credentials') {
    throw gatewayError(world, 400, '400.008.02', 'Invalid grant type passed');
  }
  const given = request.headers['authorization'] ?? '';
  if (!given.startsWith('Basic '))
    throw gatewayError(world, 400, '400.008.01', 'Invalid Authentication passed');
  const app = world.apps.find(
    (known) => basicAuthorization(known.consumerKey, known.consumerSecret) === given,
  );
  if (!app) return { status: 400, text: '' };
  app.token = { value: world.ids.text(28), expiresAt: world.clock.now() + LIFE_MS };
  return json(200, { access_token: app.token.value, expires_in: '3599' });
}

export const oauthRoutes: readonly Route<MpesaWorld>[] = [route('GET', '/oauth/v1/generate', generate)];
