import type { Prisma } from '@nova/prisma-central';

import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from './identity-deps.js';

export type RevocationReason = 'logout' | 'reuse_detected' | 'password_changed' | 'removed';

/**
 * Ends sessions: their refresh tokens are dead with the commit, and their access tokens within moments in every
 * process. Returns how many there were to end.
 */
export async function revokeSessions(
  tx: CentralTransaction,
  deps: Pick<IdentityDeps, 'clock'>,
  caller: Caller,
  which: { where: Prisma.SessionWhereInput; reason: RevocationReason },
): Promise<number> {
  const revoked = await tx.session.updateManyAndReturn({
    where: { AND: [which.where, { revokedAt: null }] },
    data: { revokedAt: deps.clock.now(), revocationReason: which.reason },
    select: { id: true, tenantId: true },
  });
  const action = which.reason === 'reuse_detected' ? 'session.reuse_detected' : 'session.revoked';
  for (const { id, tenantId } of revoked) {
    await announce(tx, { kind: 'session', sessionId: id });
    const record = { action, target: { type: 'session', id }, after: { reason: which.reason } } as const;
    await recordAudit(tx, { ...caller, tenantId }, record);
  }
  return revoked.length;
}
