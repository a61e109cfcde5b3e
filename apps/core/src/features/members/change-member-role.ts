import type { Role } from '../../platform/access/permissions.js';
import { announce } from '../../tenancy/central/changes.js';
import type { UserAccount } from '../auth/account-context.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { roleOf } from '../auth/memberships.js';
import { requireMayGrant } from './may-grant.js';
import { lockMember, type Member, requireAnotherOwner } from './require-member.js';

/**
 * Gives a member another role, which counts from his next request on, in every process within moments.
 * @throws not_found, forbidden for roles above the actor's own, last_owner
 */
export async function changeMemberRole(
  deps: IdentityDeps,
  account: UserAccount,
  { id, role }: { id: string; role: Role },
): Promise<Member> {
  return deps.central.$transaction(async (tx) => {
    const before = await lockMember(tx, account.tenantId, id);
    requireMayGrant(account.actor, roleOf(before.role));
    requireMayGrant(account.actor, role);
    if (before.role === role) return before;
    await requireAnotherOwner(tx, before);
    const after = await tx.membership.update({
      where: { id },
      data: { role, updatedAt: deps.clock.now() },
      include: { user: true },
    });
    await announce(tx, { kind: 'member', tenantId: before.tenantId, userId: before.userId });
    await recordAudit(tx, account, {
      action: 'member.role_changed',
      target: { type: 'member', id },
      before: { role: before.role },
      after: { role },
    });
    return after;
  });
}
