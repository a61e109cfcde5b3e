import { announce } from '../../tenancy/central/changes.js';
import type { UserAccount } from '../auth/account-context.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { roleOf } from '../auth/memberships.js';
import { revokeSessions } from '../auth/revoke-sessions.js';
import { requireMayGrant } from './may-grant.js';
import { lockMember, requireAnotherOwner } from './require-member.js';

/**
 * Removes a member and ends his sessions at this tenant. His account stays: he may belong to others.
 * @throws not_found, forbidden for a role above the actor's own, last_owner
 */
export async function removeMember(deps: IdentityDeps, account: UserAccount, id: string): Promise<void> {
  await deps.central.$transaction(async (tx) => {
    const member = await lockMember(tx, account.tenantId, id);
    requireMayGrant(account.actor, roleOf(member.role));
    await requireAnotherOwner(tx, member);
    const who = { tenantId: member.tenantId, userId: member.userId };
    await revokeSessions(tx, deps, account, { where: who, reason: 'removed' });
    await tx.membership.delete({ where: { id } });
    await announce(tx, { kind: 'member', ...who });
    await recordAudit(tx, account, {
      action: 'member.removed',
      target: { type: 'member', id },
      before: { email: member.user.email, role: member.role },
    });
  });
}
