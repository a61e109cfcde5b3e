import type { User } from '@nova/prisma-central';

import { recordAudit } from '../audit/record-audit.js';
import type { UserAccount } from './account-context.js';
import type { IdentityDeps } from './identity-deps.js';

/** Changes what a user says of himself. */
export async function updateMe(
  deps: IdentityDeps,
  account: UserAccount,
  input: { name?: string | undefined },
): Promise<User> {
  const { id } = account.actor;
  return deps.central.$transaction(async (tx) => {
    const before = await tx.user.findUniqueOrThrow({ where: { id } });
    if (input.name === undefined || input.name === before.name) return before;
    const after = await tx.user.update({
      where: { id },
      data: { name: input.name, updatedAt: deps.clock.now() },
    });
    await recordAudit(tx, account, {
      action: 'user.updated',
      target: { type: 'user', id },
      before: { name: before.name },
      after: { name: after.name },
    });
    return after;
  });
}
