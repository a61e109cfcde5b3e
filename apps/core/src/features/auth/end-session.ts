import { notFound } from '../../platform/errors/common-errors.js';
import type { UserAccount } from './account-context.js';
import type { IdentityDeps } from './identity-deps.js';
import { revokeSessions } from './revoke-sessions.js';

/** Ends the session that the request came in. */
export async function logout(deps: IdentityDeps, account: UserAccount): Promise<void> {
  const where = { id: account.actor.sessionId };
  await deps.central.$transaction((tx) => revokeSessions(tx, deps, account, { where, reason: 'logout' }));
}

/**
 * Ends one of the user's own sessions, on whatever device.
 * @throws not_found when it is not his, or over already
 */
export async function endSession(deps: IdentityDeps, account: UserAccount, id: string): Promise<void> {
  const where = { id, userId: account.actor.id, expiresAt: { gt: deps.clock.now() } };
  const ended = await deps.central.$transaction((tx) =>
    revokeSessions(tx, deps, account, { where, reason: 'removed' }),
  );
  if (ended === 0) throw notFound('There is no such session of yours.');
}
