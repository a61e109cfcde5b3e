import type { Session } from '@nova/prisma-central';

import type { RequestOrigin } from '../audit/request-origin.js';
import { invalidRefreshToken, refuseWith } from './auth.errors.js';
import type { IdentityDeps } from './identity-deps.js';
import { accessTokenOf, sessionExpiry, type SessionTokens } from './open-session.js';
import { sessionOfRefreshToken, successorOf } from './refresh-token.js';
import { revokeSessions } from './revoke-sessions.js';

/** How long the token just spent may be shown again. */
const GRACE_MS = 10_000;
/** How many spent tokens a session remembers; older ones are refused without ending it. */
const SPENT_TOKENS_MAX = 50;

/**
 * Gives a new access token and the next refresh token, which replaces the one shown.
 *
 * A decision, since strict rotation has a classic trap: a client whose answer got lost, or two tabs that refresh at
 * once, show the spent token again in good faith, and would be logged out as thieves. So for ten seconds the token
 * spent last is answered with the very same successor as before, which is derived from it and needs no storing in
 * clear. Both tabs then hold one token, and nobody has to guess which of two chains is the right one. A thief gains
 * nothing by it: whoever uses the successor second, later than those ten seconds, ends the session for both, as does
 * every other reuse. A session lives on for the configured days from its last refresh.
 * @throws invalid_refresh_token
 */
export async function refreshSession(
  deps: IdentityDeps,
  origin: RequestOrigin,
  refreshToken: string,
): Promise<SessionTokens> {
  const session = await findLiveSession(deps, refreshToken);
  const shownHash = deps.hashes.refreshToken.of(refreshToken);
  const next = successorOf(refreshToken, deps.hashes);
  if (session.refreshHash === shownHash) {
    const rotated = await rotate(deps, session, next);
    // Somebody rotated it between our reading and writing: then the token shown is the one just spent.
    return rotated ?? refreshSession(deps, origin, refreshToken);
  }
  if (isWithinGrace(deps, session, { shownHash, next })) {
    return { session, refreshToken: next, accessToken: accessTokenOf(deps, session) };
  }
  if (session.spentHashes.includes(shownHash)) await endForReuse(deps, origin, session);
  throw refused();
}

async function findLiveSession(deps: IdentityDeps, refreshToken: string): Promise<Session> {
  const id = sessionOfRefreshToken(refreshToken);
  if (!id) throw refused();
  const session = await deps.central.session.findUnique({ where: { id } });
  if (!session || session.revokedAt || session.expiresAt <= deps.clock.now()) throw refused();
  const { userId, tenantId } = session;
  const membership = await deps.central.membership.findFirst({
    where: { userId, tenantId, user: { status: 'active' } },
  });
  if (!membership) throw refused();
  return session;
}

/** Null when the session's token is not the one that was read any more. */
async function rotate(deps: IdentityDeps, session: Session, next: string): Promise<SessionTokens | null> {
  const change = {
    refreshHash: deps.hashes.refreshToken.of(next),
    spentHashes: [...session.spentHashes, session.refreshHash].slice(-SPENT_TOKENS_MAX),
    lastUsedAt: deps.clock.now(),
    expiresAt: sessionExpiry(deps),
  };
  const { count } = await deps.central.session.updateMany({
    where: { id: session.id, refreshHash: session.refreshHash, revokedAt: null },
    data: change,
  });
  if (count === 0) return null;
  return {
    session: { ...session, ...change },
    refreshToken: next,
    accessToken: accessTokenOf(deps, session),
  };
}

function isWithinGrace(
  deps: IdentityDeps,
  session: Session,
  shown: { shownHash: string; next: string },
): boolean {
  const isLastSpent = session.spentHashes.at(-1) === shown.shownHash;
  const age = deps.clock.now().getTime() - session.lastUsedAt.getTime();
  return isLastSpent && age <= GRACE_MS && session.refreshHash === deps.hashes.refreshToken.of(shown.next);
}

async function endForReuse(deps: IdentityDeps, origin: RequestOrigin, session: Session): Promise<void> {
  const { id, userId, tenantId } = session;
  deps.log.warn(
    { sessionId: id, userId },
    'A spent refresh token was shown again: the session has been ended.',
  );
  const caller = {
    tenantId,
    actor: { type: 'user', id: userId },
    ip: origin.ip,
    requestId: origin.requestId,
  } as const;
  await deps.central.$transaction((tx) =>
    revokeSessions(tx, deps, caller, { where: { id }, reason: 'reuse_detected' }),
  );
}

function refused() {
  return refuseWith(invalidRefreshToken, 'The refresh token is not valid any more. Log in again.');
}
