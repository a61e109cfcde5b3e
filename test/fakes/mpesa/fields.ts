import { readJsonBody } from '../frame/json-body.js';
import type { JsonObject } from '../frame/json-text.js';
import type { FakeRequest } from '../frame/request.js';
import { badField, gatewayError, serverSays } from './errors.js';
import { passwordIn } from './security-credential.js';
import type { MpesaWorld, Organisation } from './world.js';

const AMOUNT_MAX = 250_000;
/** What an address may not have in it, by the documentation of C2B. */
const FORBIDDEN = /m-?pesa|safaricom|exec?\b|cmd|sql|query/i;

/** The body of a call with a token that is good now. A newer token has made every older one bad. */
export function readCall(world: MpesaWorld, request: FakeRequest): JsonObject {
  const token = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  const app = world.apps.find((known) => known.token !== null && known.token.value === token);
  if (!app?.token || app.token.expiresAt <= world.clock.now()) {
    throw gatewayError(world, 404, '404.001.03', 'Invalid Access Token');
  }
  const read = readJsonBody(request);
  if (!read.ok) throw gatewayError(world, 400, '400.002.02', 'Bad Request - Invalid Body');
  return read.body;
}

/** Text, or a number where digits are meant. */
export function text(world: MpesaWorld, body: JsonObject, name: string, pattern = /^[\s\S]+$/): string {
  const value = body[name];
  const found = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!pattern.test(found)) throw badField(world, name);
  return found;
}

/** Whole shillings from 1 to 250 000. */
export function shillings(world: MpesaWorld, body: JsonObject): number {
  const amount = Number(text(world, body, 'Amount', /^[1-9]\d*$/));
  if (amount > AMOUNT_MAX) throw badField(world, 'Amount');
  return amount;
}

export const phoneNumber = (world: MpesaWorld, body: JsonObject, name: string) =>
  text(world, body, name, /^254[17]\d{8}$/);

/** An https address; plain http only to this machine, where no certificate can be had. */
export function url(world: MpesaWorld, body: JsonObject, name: string, rules: 'any' | 'c2b' = 'any'): string {
  const given = text(world, body, name);
  if (!URL.canParse(given)) throw badField(world, name);
  const { protocol, hostname } = new URL(given);
  const here = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  if (protocol !== 'https:' && !(protocol === 'http:' && here)) throw badField(world, name);
  if (rules === 'c2b' && FORBIDDEN.test(given)) throw badField(world, name);
  return given;
}

export function organisation(world: MpesaWorld, body: JsonObject, name: string): Organisation {
  const shortcode = text(world, body, name, /^\d{5,7}$/);
  const found = world.organisations.find((known) => known.shortcode === shortcode);
  if (!found) throw serverSays(world, 'Merchant does not exist');
  return found;
}

/** The business whose pass key and time make up the password. */
export function organisationByPassword(world: MpesaWorld, body: JsonObject): Organisation {
  const timestamp = text(world, body, 'Timestamp', /^20\d{12}$/);
  const found = organisation(world, body, 'BusinessShortCode');
  const expected = Buffer.from(found.shortcode + found.passkey + timestamp).toString('base64');
  if (text(world, body, 'Password') !== expected) throw serverSays(world, 'Wrong credentials');
  return found;
}

/** Whether the initiator is who it says: the outcome of the order tells, not the answer to it. */
export function knowsInitiator(business: Organisation, name: string, credential: string): boolean {
  return name === business.initiator && passwordIn(credential) === business.initiatorPassword;
}
