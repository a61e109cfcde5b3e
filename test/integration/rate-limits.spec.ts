import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Api, ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

/** Windows far longer than the spec runs, so that none ends in the middle of it. */
const LIMITS = {
  RATE_LIMIT_READ: '400/3600',
  RATE_LIMIT_WRITE: '5/3600',
  RATE_LIMIT_LOGIN: '12/3600',
  RATE_LIMIT_LOGIN_EMAIL: '3/3600',
  RATE_LIMIT_AUTHENTICATION: '8/3600',
  TRUST_PROXY: 'true',
};

let nova: Nova;
let acme: TestTenant;

beforeAll(async () => {
  nova = await startNova({ env: LIMITS, processors: 'none' });
  acme = await nova.tenant();
});

afterAll(() => nova.stop());

/** Strangers, told apart by the address that the trusted proxy saw. */
const from = (address: string): Api => nova.anonymous.with({ 'X-Forwarded-For': address });
const login = (api: Api, email: string, password: string) => api.post('/auth/login', { email, password });

async function statuses(times: number, request: () => Promise<ApiResponse>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push((await request()).status);
  return all;
}

describe('rate limits', () => {
  it('say with every answer what is left', async () => {
    const answer = await acme.api.get('/customers');
    expect(answer.headers.get('ratelimit-policy')).toBe('"read";q=400;w=3600');
    expect(answer.headers.get('ratelimit')).toMatch(/^"read";r=399;t=(3600|3599)$/);
    const missing = await acme.api.get('/customers/nobody');
    expect(missing.headers.get('ratelimit')).toMatch(/^"read";r=398;t=35\d\d|3600$/);
  });

  it('refuse what goes beyond them, with the time to wait', async () => {
    const create = () => acme.api.post('/customers', { name: 'Ada', currency: 'KES' });
    expect(await statuses(6, create)).toEqual([201, 201, 201, 201, 201, 429]);
    const refused = await create();
    expect(refused.body).toMatchObject({ code: 'rate_limited', status: 429 });
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const [, remaining, seconds] =
      /^"write";r=(\d+);t=(\d+)$/.exec(refused.headers.get('ratelimit') ?? '') ?? [];
    expect(remaining).toBe('0');
    expect(refused.headers.get('retry-after')).toBe(seconds);
    expect((await acme.api.get('/customers')).status).toBe(200);
  });

  it('count keys and sessions apart, and test apart from live', async () => {
    const create = (api: Api) => api.post('/customers', { name: 'Ada', currency: 'KES' });
    expect((await create(acme.api)).status).toBe(429);
    expect((await create(acme.user)).status).toBe(201);
    expect(await statuses(5, () => create(acme.user))).toEqual([201, 201, 201, 201, 429]);
    // Refused for another reason, that there is no live mode yet: so it was admitted.
    expect((await create(acme.user.with({ 'Nova-Mode': 'live' }))).status).toBe(409);
  });

  it('ask the store no more for a key that it has refused', async () => {
    const { pool } = nova.app.get(CentralDatabase, { strict: false });
    const points = async () => (await pool.query('SELECT key, points FROM rate_limits ORDER BY key')).rows;
    const before = await points();
    expect(await statuses(20, () => acme.api.post('/customers', {}))).toEqual(Array(20).fill(429));
    expect(await points()).toEqual(before);
  });

  it('slow guessing down by account, from however many addresses, whether the account exists or not', async () => {
    for (const email of [acme.email, 'nobody@nowhere.example']) {
      const answers: ApiResponse[] = [];
      for (let i = 0; i < 4; i++) {
        answers.push(
          await login(from(`198.51.100.${i}`), i % 2 ? email.toUpperCase() : ` ${email}`, 'wrong'),
        );
      }
      expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 429]);
      expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"login";q=12;w=3600');
      expect(answers[3]?.headers.get('ratelimit-policy')).toBe('"login_email";q=3;w=3600');
    }
    expect((await login(from('203.0.113.9'), acme.email, acme.password)).status).toBe(429);
  });

  it('slow guessing down by address, of an IPv6 network too', async () => {
    const guess = (address: string, i: number) => login(from(address), `user-${i}@nowhere.example`, 'wrong');
    for (let i = 0; i < 12; i++) expect((await guess(`2001:db8::${i + 1}`, i)).status).toBe(401);
    expect((await guess('2001:db8::ffff:1', 99)).status).toBe(429);
    expect((await guess('2001:db8:0:1::1', 99)).status).toBe(401);
  });

  it('stop a flood of bad credentials, and nobody who has good ones', async () => {
    const bad = nova.as('sk_test_not-a-key').with({ 'X-Forwarded-For': '192.0.2.7' });
    expect(await statuses(9, () => bad.get('/customers'))).toEqual([...Array(8).fill(401), 429]);
    const good = acme.api.with({ 'X-Forwarded-For': '192.0.2.7' });
    expect((await good.get('/customers')).status).toBe(200);
  });

  it('are none for probes', async () => {
    const answer = await fetch(`${nova.url}/health/live`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit')).toBeNull();
  });
});
