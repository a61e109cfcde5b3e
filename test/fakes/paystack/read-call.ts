import { readJsonBody } from '../frame/json-body.js';
import type { JsonObject } from '../frame/json-text.js';
import { readFormBody } from '../frame/form-body.js';
import type { FakeRequest } from '../frame/request.js';
import { invalid, invalidKey, missingParams } from './errors.js';
import type { Account, Domain, PaystackWorld } from './world.js';

/** Who calls, in which mode, with what. */
export interface Call {
  account: Account;
  domain: Domain;
  body: JsonObject;
}

/** Smallest charges, in subunits, by Paystack's table of currencies. */
const MINIMA: Readonly<Record<string, number>> = {
  NGN: 5_000,
  USD: 200,
  GHS: 10,
  ZAR: 100,
  KES: 300,
  XOF: 100,
};
const MAXIMUM = 10_000_000 * 100;

/** The caller by the secret key; refuses every other. */
export function authenticate(world: PaystackWorld, request: FakeRequest): Omit<Call, 'body'> {
  const key = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  for (const account of world.accounts) {
    if (key === account.keys.test) return { account, domain: 'test' };
    if (key === account.keys.live) return { account, domain: 'live' };
  }
  throw invalidKey();
}

/** The caller and the body, which may be JSON or a form. */
export function readCall(world: PaystackWorld, request: FakeRequest): Call {
  const caller = authenticate(world, request);
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (form) {
    const fields = readFormBody(request);
    if (!fields) throw invalid('Invalid request body');
    return { ...caller, body: fields };
  }
  const read = readJsonBody(request);
  if (!read.ok) throw invalid('Invalid request body. Ensure you are sending valid JSON');
  return { ...caller, body: read.body };
}

export function requiredText(body: JsonObject, name: string, label = name): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw missingParams(`${label} is required`);
  if (typeof value !== 'string') throw invalid(`${label} must be a string`);
  return value;
}

export function optionalText(body: JsonObject, name: string): string | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  return value;
}

export function requiredEmail(body: JsonObject): string {
  const email = requiredText(body, 'email', 'Email');
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalid('Invalid Email Address Passed', 'invalid_email_address');
  return email;
}

/** Whole subunits, as a number or as digits. */
export function subunits(value: JsonObject[string]): number {
  if (value === undefined || value === null || value === '') throw missingParams('Amount is required');
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!/^[1-9]\d*$/.test(text)) throw invalid('Invalid Amount Sent', 'invalid_amount');
  return Number(text);
}

/** What is to be charged: the account has the currency, and the amount lies within its bounds. */
export function chargeAmount(account: Account, body: JsonObject): { amount: number; currency: string } {
  const currency = optionalText(body, 'currency') ?? account.currencies[0] ?? 'NGN';
  if (!account.currencies.includes(currency))
    throw invalid('Currency not supported by merchant', 'unsupported_currency');
  const amount = subunits(body['amount']);
  if (amount < (MINIMA[currency] ?? 100)) {
    throw invalid(
      `Amount is below the minimum of ${MINIMA[currency] ?? 100} for ${currency}`,
      'invalid_amount',
    );
  }
  if (amount > MAXIMUM)
    throw invalid('Maximum transaction amount exceeded. The maximum is 10,000,000', 'invalid_amount');
  if (currency === 'XOF' && amount % 100 !== 0)
    throw invalid('XOF has no fractional units', 'invalid_amount');
  return { amount, currency };
}

/** Letters, digits and `-.=`: a reference that has anything else is refused. */
export function referenceOf(body: JsonObject, otherwise: string): string {
  const reference = optionalText(body, 'reference') ?? otherwise;
  if (!/^[A-Za-z0-9.=-]+$/.test(reference)) {
    throw invalid(
      'Reference contains invalid characters. Only -, ., = and alphanumeric characters are allowed',
      'invalid_reference',
    );
  }
  return reference;
}
