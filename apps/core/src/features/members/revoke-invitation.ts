import { notFound } from '../../platform/errors/common-errors.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from '../auth/identity-deps.js';

/**
 * Withdraws an invitation that nobody has accepted.
 * @throws not_found when there is none that is open
 */
export async function revokeInvitation(deps: IdentityDeps, caller: Caller, id: string): Promise<void> {
  await deps.central.$transaction(async (tx) => {
    const [revoked] = await tx.invitation.updateManyAndReturn({
      where: { id, tenantId: caller.tenantId, acceptedAt: null, revokedAt: null },
      data: { revokedAt: deps.clock.now() },
    });
    if (!revoked) throw notFound('There is no such open invitation.');
    const before = { email: revoked.email, role: revoked.role };
    await recordAudit(tx, caller, {
      action: 'invitation.revoked',
      target: { type: 'invitation', id },
      before,
    });
  });
}
