import { readJsonBody } from '../frame/json-body.js';
import { isJsonObject, type Json, type JsonObject } from '../frame/json-text.js';
import { json, Refused } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import type { Account, FlutterwaveWorld } from './world.js';

/** Currencies without a part: an amount of them is whole. */
const WHOLE = ['UGX', 'RWF', 'XOF', 'XAF'];

export interface Call {
  account: Account;
  body: JsonObject;
}

/** `{status: "error", message, data: null}`, as Flutterwave refuses. */
export const refused = (status: number, message: string) =>
  new Refused(json(status, { status: 'error', message, data: null }));

/** The caller by the secret key; refuses every other. */
export function authenticate(world: FlutterwaveWorld, request: FakeRequest): Account {
  const header = request.headers['authorization'];
  if (!header) throw refused(401, 'Authorization required');
  const key = /^Bearer (\S+)$/.exec(header)?.[1];
  const account = world.accounts.find(({ secretKey }) => secretKey === key);
  if (!account) throw refused(401, 'Invalid authorization key');
  return account;
}

export function readCall(world: FlutterwaveWorld, request: FakeRequest): Call {
  const account = authenticate(world, request);
  const read = readJsonBody(request);
  if (!read.ok) throw refused(400, 'Invalid request body: expected a JSON object');
  return { account, body: read.body };
}

export function requiredText(body: JsonObject, name: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw refused(400, `${name} is required`);
  if (typeof value !== 'string') throw refused(400, `${name} must be a string`);
  return value;
}

export function optionalText(body: JsonObject, name: string): string | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw refused(400, `${name} must be a string`);
  return value;
}

export function emailIn(body: JsonObject): string {
  const email = requiredText(body, 'email');
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw refused(400, 'email must be a valid email');
  return email;
}

export function objectIn(body: JsonObject, name: string): JsonObject {
  const value = body[name];
  if (value === undefined) throw refused(400, `${name} is required`);
  if (!isJsonObject(value)) throw refused(400, `${name} must be an object`);
  return value;
}

/** What is to be charged. A call that names no currency is in naira, which is Flutterwave's trap. */
export function chargeAmount(account: Account, body: JsonObject): { amount: number; currency: string } {
  const currency = optionalText(body, 'currency') ?? 'NGN';
  if (!account.currencies.includes(currency))
    throw refused(400, `currency ${currency} is not supported for this merchant`);
  const amount = hundredths(body['amount'], 'amount');
  if (WHOLE.includes(currency) && amount % 100 !== 0)
    throw refused(400, `amount must be whole in ${currency}`);
  return { amount, currency };
}

/** A number of major units with two decimals at most, or the same as text, read by its digits and never multiplied. */
export function hundredths(value: Json | undefined, name: string): number {
  if (value === undefined || value === null || value === '') throw refused(400, `${name} is required`);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const [, whole, part = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const amount = whole === undefined ? 0 : Number(whole) * 100 + Number(part.padEnd(2, '0'));
  if (amount <= 0) throw refused(400, `${name} must be a positive number with at most 2 decimal places`);
  return amount;
}
