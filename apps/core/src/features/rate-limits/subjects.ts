import { createHash } from 'node:crypto';

import type { NovaRequest } from '../../platform/http/request.js';
import type { RatePolicy } from '../../platform/rate-limits/rate-policies.js';
import { normaliseEmail } from '../auth/email-address.js';
import type { Identity } from '../auth/credentials.js';
import { sessionOfRefreshToken } from '../auth/refresh-token.js';

/** A policy, and what is counted under it. */
export interface Subject {
  readonly policy: RatePolicy;
  readonly key: string;
  /** How many times the configured limit; once unless given. */
  readonly factor?: number;
}

/** An API key or a session; what it does in test mode is counted apart from what it does in live mode. */
export function callerKey(identity: Identity, modeHeader: string | string[] | undefined): string {
  const { actor } = identity;
  const mode = identity.mode ?? (modeHeader === 'live' ? 'live' : 'test');
  return `${actor.type === 'user' ? actor.sessionId : actor.id}:${mode}`;
}

/** What a request without a caller is about: the account or page that is tried, whether it exists or not. */
export function subjectOf(
  policy: RatePolicy,
  { body, params }: Pick<NovaRequest, 'body' | 'params'>,
): Subject | null {
  const token = policy === 'page_payment' ? textAt(params, 'token') : null;
  if (token) return { policy: 'page_payment_link', key: hashed(token) };
  const email = textAt(body, 'email');
  if (policy === 'login' && email) return { policy: 'login_email', key: hashed(normaliseEmail(email)) };
  if (policy === 'register' && email) return { policy: 'register_email', key: hashed(normaliseEmail(email)) };
  const session = policy === 'refresh' ? sessionOfRefreshToken(textAt(body, 'refreshToken') ?? '') : null;
  return session ? { policy: 'refresh_session', key: session } : null;
}

function textAt(input: unknown, name: string): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const value = (input as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Of fixed length, and no address that somebody could read in the store. */
function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
