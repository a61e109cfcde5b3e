import { recordAudit } from '../audit/record-audit.js';
import { operatorCaller } from '../audit/operator-caller.js';
import { LOCAL_ORIGIN } from '../audit/request-origin.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { normaliseEmail } from './email-address.js';
import type { IdentityDeps } from './identity-deps.js';
import { findMembership } from './memberships.js';
import { openSession, type SessionTokens } from './open-session.js';

/**
 * Opens a session for a user without his password: for the operator at the command line, who has the master key
 * anyway. The audit log says so.
 * @throws not_found when there is no such user, or he is no member there
 */
export async function issueAccessToken(
  deps: IdentityDeps,
  input: { email: string; tenantId?: string; tenantSlug?: string },
): Promise<SessionTokens> {
  const user = await deps.central.user.findUnique({ where: { email: normaliseEmail(input.email) } });
  const membership = user && (await findMembership(deps.central, user.id, input));
  if (!membership) throw notFound(`No user ${input.email} is a member there.`);
  const tenantId = membership.tenant.id;
  return deps.central.$transaction(async (tx) => {
    const origin = { ...LOCAL_ORIGIN, userAgent: 'nova command line' };
    const opened = await openSession(tx, deps, origin, { userId: user.id, tenantId });
    const target = { type: 'session', id: opened.session.id };
    await recordAudit(tx, operatorCaller(tenantId), {
      action: 'session.opened',
      target,
      after: { userId: user.id },
    });
    return opened;
  });
}
