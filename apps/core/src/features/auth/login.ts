import type { Tenant, User } from '@nova/prisma-central';

import type { Role } from '../../platform/access/permissions.js';
import { verifyPassword } from '../../platform/crypto/password.js';
import { recordAudit } from '../audit/record-audit.js';
import type { RequestOrigin } from '../audit/request-origin.js';
import { invalidCredentials, noMembership, refuseWith } from './auth.errors.js';
import { normaliseEmail } from './email-address.js';
import type { IdentityDeps } from './identity-deps.js';
import { findMembership } from './memberships.js';
import { openSession, type SessionTokens } from './open-session.js';

export interface LoginInput {
  email: string;
  password: string;
  /** Which tenant to work at; the one joined first when neither is given. */
  tenantId?: string | undefined;
  tenantSlug?: string | undefined;
}

export interface Login {
  user: User;
  tenant: Tenant;
  role: Role;
  tokens: SessionTokens;
}

/**
 * Opens a session for an e-mail address and password. An unknown address, a wrong password and a disabled user get
 * the same answer after the same work.
 * @throws invalid_credentials, no_membership
 */
export async function login(deps: IdentityDeps, origin: RequestOrigin, input: LoginInput): Promise<Login> {
  const user = await requireUser(deps, input);
  const membership = await findMembership(deps.central, user.id, input);
  if (!membership) throw noMembership('You are not a member of that tenant, or of any that is ready.');
  const { tenant, role } = membership;
  const tokens = await deps.central.$transaction(async (tx) => {
    const opened = await openSession(tx, deps, origin, { userId: user.id, tenantId: tenant.id });
    const caller = { ...origin, tenantId: tenant.id, actor: { type: 'user', id: user.id } } as const;
    await recordAudit(tx, caller, {
      action: 'session.opened',
      target: { type: 'session', id: opened.session.id },
      after: { userAgent: origin.userAgent },
    });
    return opened;
  });
  return { user, tenant, role, tokens };
}

async function requireUser(deps: IdentityDeps, input: LoginInput): Promise<User> {
  const user = await deps.central.user.findUnique({ where: { email: normaliseEmail(input.email) } });
  const matches = await verifyPassword(input.password, user?.passwordHash ?? null, deps.config.bcryptCost);
  if (!user || !matches || user.status !== 'active') {
    throw refuseWith(invalidCredentials, 'The e-mail address or the password is wrong.');
  }
  return user;
}
