import { randomToken } from '../../platform/crypto/random-token.js';
import type { IdentityHashes } from './identity-deps.js';

const FORMAT = /^nrt_(ses_[0-9a-z]{26})\.[\w-]{43}$/;

/** The first refresh token of a session: its id, so that one row answers for it, and 256 random bits. */
export function firstRefreshToken(sessionId: string): string {
  return `nrt_${sessionId}.${randomToken()}`;
}

/** The session that a refresh token says it belongs to; null when it is no refresh token. */
export function sessionOfRefreshToken(token: string): string | null {
  return FORMAT.exec(token)?.[1] ?? null;
}

/**
 * The token that replaces this one. It is derived with a key that only the platform has, so nobody can compute it,
 * and asking twice gives the same one. See `refresh-session.ts` for why that matters.
 */
export function successorOf(token: string, hashes: Pick<IdentityHashes, 'refreshRotation'>): string {
  const sessionId = sessionOfRefreshToken(token);
  if (!sessionId) throw new TypeError('This is no refresh token.');
  return `nrt_${sessionId}.${hashes.refreshRotation.of(token)}`;
}
