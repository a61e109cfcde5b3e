// The same on other servers: people, sessions and passwords are rows of the central database, which has no pooler.
import { randomBytes } from 'node:crypto';

import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { claimsOf, forgeJwt, HS256 } from '../support/forge-jwt.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let central: CentralDatabase['db'];

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
  central = nova.app.get(CentralDatabase, { strict: false }).db;
});

afterAll(() => nova.stop());

const password = 'correct horse battery';
const freshEmail = () => `ada-${randomBytes(5).toString('hex')}@auth.example`;
const login = (body: object) => nova.anonymous.post('/auth/login', body);
const refresh = (refreshToken: string) => nova.anonymous.post('/auth/refresh', { refreshToken });
const openSession = async (tenant: TestTenant) =>
  expectStatus(await login({ email: tenant.email, password: tenant.password }), 200);

/** Moves the last refresh of a session into the past, as if that much time had gone by. */
async function ageRefresh(sessionId: unknown, seconds: number): Promise<void> {
  await central.session.update({
    where: { id: String(sessionId) },
    data: { lastUsedAt: new Date(Date.now() - seconds * 1_000) },
  });
}

const expectRefusedSoon = (token: string) =>
  eventually(async () => expect((await nova.as(token).get('/auth/me')).status).toBe(401));

describe('login', () => {
  it('opens a session that works at once', async () => {
    const session = await openSession(acme);
    expect(session).toMatchObject({ tokenType: 'Bearer', role: 'owner', user: { email: acme.email } });
    const me = expectStatus(await nova.as(session.accessToken).get('/auth/me'), 200);
    expect(me).toMatchObject({ id: acme.userId, tenantId: acme.tenantId, role: 'owner' });
    expect(me.memberships).toEqual([expect.objectContaining({ tenantId: acme.tenantId, role: 'owner' })]);
    expect(JSON.stringify(me)).not.toMatch(/hash/i);
  });

  it('does not mind blanks and capitals in the e-mail address', async () => {
    expectStatus(await login({ email: `  ${acme.email.toUpperCase()} `, password: acme.password }), 200);
  });

  it('answers a wrong password, an unknown address and an overlong password alike', async () => {
    const answers = [
      await login({ email: acme.email, password: 'not the password' }),
      await login({ email: 'nobody@auth.example', password: 'not the password' }),
      await login({ email: acme.email, password: acme.password + 'x'.repeat(80) }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect({ ...answer.body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' });
    }
    expect(answers[0]?.body.code).toBe('invalid_credentials');
  });

  it('takes about as long for an unknown address as for a wrong password', async () => {
    const times = { unknown: [] as number[], known: [] as number[] };
    // In turns, so that what else the machine does falls on both.
    for (let round = 0; round < 15; round++) {
      for (const [kind, email] of [
        ['unknown', 'nobody@auth.example'],
        ['known', acme.email],
      ] as const) {
        const start = performance.now();
        await login({ email, password: 'not the password' });
        times[kind].push(performance.now() - start);
      }
    }
    const median = (of: number[]) => of.sort((a, b) => a - b)[7] ?? 0;
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });

  it('goes to the tenant that is asked for, and to no other', async () => {
    const { email, password: own } = acme;
    const me = expectStatus(await acme.user.get('/tenants/me'), 200);
    expectStatus(await login({ email, password: own, tenantId: acme.tenantId }), 200);
    expectStatus(await login({ email, password: own, tenantSlug: me.slug }), 200);
    const other = await nova.tenant();
    const refused = expectStatus(await login({ email, password: own, tenantId: other.tenantId }), 403);
    expect(refused.code).toBe('no_membership');
    expectStatus(await login({ email, password: own, tenantId: 'ten_nowhere' }), 403);
  });

  it('refuses what is not a login, and says where', async () => {
    const answer = expectStatus(await login({ email: 'x', password: '', role: 'owner' }), 400);
    expect(answer.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual([
      '/email',
      '/password',
      '/role',
    ]);
  });
});

describe('access tokens', () => {
  const now = () => Math.floor(Date.now() / 1_000);
  const claims = () => claimsOf(acme.accessToken);
  const signed = (changes: object, header: object = HS256) =>
    forgeJwt(header, { ...claims(), ...changes }, nova.config.jwtSecret);

  it('are believed when they are ours, even forged by hand with the right secret', async () => {
    expect((await nova.as(signed({})).get('/auth/me')).status).toBe(200);
  });

  it('are refused in every wrong form, with the same problem and a challenge', async () => {
    const other = await nova.tenant();
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${acme.accessToken.split('.')[1]}.`;
    const wrong: Record<string, string> = {
      expired: signed({ exp: now() - 1 }),
      'of another secret': forgeJwt(HS256, claims(), 'x'.repeat(64)),
      'alg none': none,
      'alg none with our signature': signed({}, { alg: 'none' }),
      'another algorithm': signed({}, { alg: 'HS512' }),
      'a key id': signed({}, { alg: 'RS256', kid: '../../../../dev/null' }),
      'another issuer': signed({ iss: 'someone' }),
      'another audience': signed({ aud: 'something' }),
      'no expiry': signed({ exp: undefined }),
      "another tenant's id": signed({ tid: other.tenantId }),
      "another user's id": signed({ sub: other.userId }),
      "another tenant's user and id": signed({ sub: other.userId, tid: other.tenantId }),
      'an unknown session': signed({ sid: 'ses_00000000000000000000000000' }),
      malformed: 'not.a.token',
      truncated: acme.accessToken.slice(0, -2),
      'a refresh token': acme.refreshToken,
    };
    for (const [name, token] of Object.entries(wrong)) {
      for (const path of ['/auth/me', '/customers']) {
        const answer = await nova.as(token).get(path);
        expect(answer.status, `${name} at ${path}`).toBe(401);
        expect(answer.body.code).toBe('unauthenticated');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });

  it.each(['', 'Bearer', 'Basic YWRhOng=', 'Bearer  ', 'Token abc', 'Bearer a b'])(
    'are not found in an authorization of %j',
    async (authorization) => {
      const answer = await nova.anonymous.get('/auth/me', { authorization });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );

  it('choose the mode by a header that is checked', async () => {
    expect((await acme.user.get('/customers', { 'nova-mode': 'test' })).status).toBe(200);
    expect((await acme.user.get('/customers', { 'nova-mode': 'prod' })).body.code).toBe('invalid_request');
    const notYet = expectStatus(await acme.user.get('/customers', { 'nova-mode': 'live' }), 409);
    expect(notYet.code).toBe('live_mode_not_ready');
  });
});

describe('refresh', () => {
  it('rotates, and the new tokens work', async () => {
    const first = await openSession(acme);
    const second = expectStatus(await refresh(first.refreshToken), 200);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await nova.as(second.accessToken).get('/auth/me')).status).toBe(200);
    const third = expectStatus(await refresh(second.refreshToken), 200);
    expect(third.refreshToken).not.toBe(second.refreshToken);
  });

  it('gives a client that lost the answer the same successor again', async () => {
    const first = await openSession(acme);
    const second = expectStatus(await refresh(first.refreshToken), 200);
    const again = expectStatus(await refresh(first.refreshToken), 200);
    expect(again.refreshToken).toBe(second.refreshToken);
    expectStatus(await refresh(again.refreshToken), 200);
  });

  it('gives two tabs that refresh at once one successor', async () => {
    const first = await openSession(acme);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(first.refreshToken)));
    const tokens = new Set(answers.map((answer) => expectStatus(answer, 200).refreshToken));
    expect(tokens.size).toBe(1);
    for (const token of tokens) expectStatus(await refresh(token), 200);
  });

  it('ends the session when the last spent token is shown after the grace', async () => {
    const first = await openSession(acme);
    const second = expectStatus(await refresh(first.refreshToken), 200);
    await ageRefresh(claimsOf(first.accessToken)['sid'], 11);
    expect(expectStatus(await refresh(first.refreshToken), 401).code).toBe('invalid_refresh_token');
    expectStatus(await refresh(second.refreshToken), 401);
    await expectRefusedSoon(second.accessToken);
  });

  it('ends the session when an older token is shown, at any time, and the audit log says so', async () => {
    const first = await openSession(acme);
    const second = expectStatus(await refresh(first.refreshToken), 200);
    const third = expectStatus(await refresh(second.refreshToken), 200);
    expectStatus(await refresh(first.refreshToken), 401);
    expectStatus(await refresh(third.refreshToken), 401);
    await expectRefusedSoon(third.accessToken);
    const targetId = String(claimsOf(first.accessToken)['sid']);
    const log = expectStatus(await acme.user.get(`/tenants/me/audit-log?targetId=${targetId}`), 200);
    expect(log.data.map((entry: { action: string }) => entry.action)).toContain('session.reuse_detected');
  });

  it('does not end a session for a token that was never its own', async () => {
    const session = await openSession(acme);
    const forged = session.refreshToken.replace(/\.[\w-]{43}$/, `.${'A'.repeat(43)}`);
    expectStatus(await refresh(forged), 401);
    for (const text of ['x', 'nrt_', acme.testKey, session.accessToken.slice(0, 500)])
      expectStatus(await refresh(text), 401);
    expectStatus(await refresh(session.refreshToken), 200);
  });

  it('is over when the session has expired', async () => {
    const session = await openSession(acme);
    const id = String(claimsOf(session.accessToken)['sid']);
    await central.session.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expectStatus(await refresh(session.refreshToken), 401);
  });

  it('keeps no token in the database', async () => {
    const session = await openSession(acme);
    const next = expectStatus(await refresh(session.refreshToken), 200);
    const stored = JSON.stringify(await central.session.findMany());
    for (const token of [session.refreshToken, next.refreshToken]) {
      expect(stored).not.toContain(token.split('.')[1] ?? token);
    }
  });
});

describe('sessions', () => {
  it('end by logging out: the refresh token at once, the access token within two seconds', async () => {
    const session = await openSession(acme);
    const api = nova.as(session.accessToken);
    expectStatus(await api.get('/customers'), 200);
    expectStatus(await api.post('/auth/logout'), 204);
    expectStatus(await refresh(session.refreshToken), 401);
    await expectRefusedSoon(session.accessToken);
  });

  it('are listed, the own one marked, and one can be ended from another', async () => {
    const tenant = await nova.tenant();
    const other = await openSession(tenant);
    const list = expectStatus(await tenant.user.get('/auth/sessions'), 200);
    expect(list.data).toHaveLength(2);
    expect(list.data.filter((s: { current: boolean }) => s.current)).toHaveLength(1);
    expect(JSON.stringify(list)).not.toMatch(/hash/i);
    const otherId = String(claimsOf(other.accessToken)['sid']);
    expectStatus(await tenant.user.delete(`/auth/sessions/${otherId}`), 204);
    await expectRefusedSoon(other.accessToken);
    expectStatus(await tenant.user.delete(`/auth/sessions/${otherId}`), 404);
    expect(expectStatus(await tenant.user.get('/auth/sessions'), 200).data).toHaveLength(1);
  });

  it('of others cannot be seen or ended', async () => {
    const other = await nova.tenant();
    const id = String(claimsOf(other.accessToken)['sid']);
    expectStatus(await acme.user.delete(`/auth/sessions/${id}`), 404);
    expectStatus(await acme.user.delete('/auth/sessions/%00'), 400);
    expectStatus(await other.user.get('/auth/me'), 200);
  });

  it('all but the own one end with a change of the password', async () => {
    const tenant = await nova.tenant();
    const other = await openSession(tenant);
    const change = (body: object) => tenant.user.post('/auth/password/change', body);
    const wrong = expectStatus(await change({ currentPassword: 'wrong', newPassword: password }), 400);
    expect(wrong.errors[0].pointer).toBe('/currentPassword');
    const short = expectStatus(await change({ currentPassword: tenant.password, newPassword: 'short' }), 400);
    expect(short.errors[0].pointer).toBe('/newPassword');
    expectStatus(await change({ currentPassword: tenant.password, newPassword: password }), 204);
    await expectRefusedSoon(other.accessToken);
    expectStatus(await refresh(other.refreshToken), 401);
    expectStatus(await tenant.user.get('/auth/me'), 200);
    expectStatus(await login({ email: tenant.email, password: tenant.password }), 401);
    expectStatus(await login({ email: tenant.email, password }), 200);
  });

  it('work at one name, which can be changed', async () => {
    const changed = expectStatus(await acme.user.patch('/auth/me', { name: 'Ada Lovelace' }), 200);
    expect(changed.name).toBe('Ada Lovelace');
    const refused = expectStatus(await acme.user.patch('/auth/me', { email: freshEmail() }), 400);
    expect(refused.errors[0]).toMatchObject({ pointer: '/email', code: 'unknown_key' });
  });
});
