import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { AccessTokens } from './access-tokens.js';

const jwtSecret = 'a secret of at least thirty-two characters';
const tokens = new AccessTokens({ jwtSecret, accessTokenTtlSeconds: 60 });
const claims = { userId: 'usr_1', sessionId: 'ses_1', tenantId: 'ten_1' };

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token made by hand, so that the header and the claims can be anything. */
function forge(header: object, payload: object, secret: string = jwtSecret, hash = 'sha256'): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const HS256 = { alg: 'HS256', typ: 'JWT' };

describe('access tokens', () => {
  const good = payloadOf(tokens.issue(claims));

  it('read back what they were issued for', () => {
    expect(tokens.read(tokens.issue(claims))).toEqual(claims);
    expect(tokens.read(forge(HS256, good))).toEqual(claims);
  });

  it('hold no role', () => {
    expect(Object.keys(good).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub', 'tid']);
  });

  it.each<[string, string]>([
    ['another secret', forge(HS256, good, 'another secret of thirty-two characters!')],
    ['alg none', `${encode({ alg: 'none' })}.${encode(good)}.`],
    ['alg none with a signature', forge({ alg: 'none' }, good)],
    ['HS512 with the right secret', forge({ alg: 'HS512' }, good, jwtSecret, 'sha512')],
    ['a key id that is a path', forge({ ...HS256, alg: 'RS256', kid: '../../dev/null' }, good)],
    ['another issuer', forge(HS256, { ...good, iss: 'someone-else' })],
    ['another audience', forge(HS256, { ...good, aud: 'another-api' })],
    ['no audience', forge(HS256, { ...good, aud: undefined })],
    ['an expiry that has passed', forge(HS256, { ...good, exp: Math.floor(Date.now() / 1_000) - 1 })],
    ['no expiry', forge(HS256, { ...good, exp: undefined })],
    ['no session', forge(HS256, { ...good, sid: undefined })],
    ['a subject that is no text', forge(HS256, { ...good, sub: { id: 'usr_1' } })],
    ['nothing', ''],
    ['no dots', 'abc'],
    ['empty parts', '..'],
  ])('with %s are refused', (_, token) => {
    expect(tokens.read(token)).toBeNull();
  });
});
