import type { User } from '@nova/prisma-central';

import type { UserAccount, UserActor } from './account-context.js';
import type { IdentityDeps } from './identity-deps.js';
import { membershipsOf, type UserMembership } from './memberships.js';

/** Who is logged in, as what, and where else he could be. */
export interface Me {
  user: User;
  actor: UserActor;
  tenantId: string;
  memberships: UserMembership[];
}

export async function getMe(deps: IdentityDeps, { tenantId, actor }: UserAccount): Promise<Me> {
  const [user, memberships] = await Promise.all([
    deps.central.user.findUniqueOrThrow({ where: { id: actor.id } }),
    membershipsOf(deps.central, actor.id),
  ]);
  return { user, actor, tenantId, memberships };
}
