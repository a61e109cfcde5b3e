import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { REPOSITORY } from '../support/source-files.js';
import { flutterwaveWebhooks } from './flutterwave/notices.js';
import { basicAuthorization } from './mpesa/oauth.js';
import { paystackSignature } from './paystack/notices.js';
import { stripeSignature } from './stripe/signature.js';

interface Vector {
  id: string;
  provider: string;
  secret: string;
  body: string;
  timestamp: number;
  header_value: string;
  expected: string;
  expect: string;
  consumer_key: string;
  consumer_secret: string;
}

const file = path.join(REPOSITORY, 'test/cases/provider-vectors.json');
const { signatures } = JSON.parse(readFileSync(file, 'utf8')) as { signatures: Vector[] };
const of = (provider: string) =>
  signatures.filter((vector) => vector.provider === provider).map((vector) => [vector.id, vector] as const);

describe('the fakes sign as the vectors say', () => {
  it.each(of('paystack'))('%s', (_id, { body, secret, expected }) => {
    expect(paystackSignature(body, secret)).toBe(expected);
  });

  it.each(of('stripe'))('%s', (id, { body, secret, timestamp, header_value: header }) => {
    const signed = header.includes(`v1=${stripeSignature(body, secret, timestamp)}`);
    expect(signed).toBe(id !== 'stripe-reserialized-body');
  });

  it.each(of('flutterwave'))('%s', (_id, { body, secret, header_value: header }) => {
    expect(flutterwaveWebhooks.sign(body, secret, 0)).toEqual({ 'verif-hash': header });
  });

  it.each(of('mpesa'))('%s', (_id, { consumer_key: key, consumer_secret: secret, expected }) => {
    expect(basicAuthorization(key, secret)).toBe(expected);
  });
});
