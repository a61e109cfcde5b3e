import { invalidRequest } from '../../platform/errors/common-errors.js';
import { type BeforeCommit, nothingMore } from '../../tenancy/central/before-commit.js';
import { hashPassword, verifyPassword } from '../../platform/crypto/password.js';
import { recordAudit } from '../audit/record-audit.js';
import type { UserAccount } from './account-context.js';
import { atPointer } from './auth.errors.js';
import type { IdentityDeps } from './identity-deps.js';
import { revokeSessions } from './revoke-sessions.js';

/**
 * Changes the password of whoever is logged in, and ends all his other sessions: whoever had the old password and
 * got in with it is out.
 * @throws invalid_request when the current password is wrong
 */
export async function changePassword(
  deps: IdentityDeps,
  account: UserAccount,
  input: { currentPassword: string; newPassword: string },
  beforeCommit: BeforeCommit<void> = nothingMore,
): Promise<void> {
  const { id, sessionId } = account.actor;
  const user = await deps.central.user.findUniqueOrThrow({ where: { id } });
  const { bcryptCost } = deps.config;
  if (!(await verifyPassword(input.currentPassword, user.passwordHash, bcryptCost))) {
    const place = atPointer('/currentPassword', 'wrong_password', 'is not your password');
    throw invalidRequest('The current password is wrong.', place);
  }
  const passwordHash = await hashPassword(input.newPassword, bcryptCost);
  await deps.central.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { passwordHash, updatedAt: deps.clock.now() } });
    await recordAudit(tx, account, { action: 'user.password_changed', target: { type: 'user', id } });
    const where = { userId: id, id: { not: sessionId } };
    await revokeSessions(tx, deps, account, { where, reason: 'password_changed' });
    await beforeCommit(tx);
  });
}
