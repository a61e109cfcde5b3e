import type { Invitation, Tenant } from '@nova/prisma-central';

import { newId } from '../../platform/ids/new-id.js';
import { type BeforeCommit, nothingMore } from '../../tenancy/central/before-commit.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import { recordAudit } from '../audit/record-audit.js';
import type { RequestOrigin } from '../audit/request-origin.js';
import { atPointer } from '../auth/auth.errors.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import type { Login } from '../auth/login.js';
import { roleOf } from '../auth/memberships.js';
import { openSession } from '../auth/open-session.js';
import { releaseAbandonedRegistrations } from '../auth/release-registration.js';
import { identifyInvited, type InvitedUser, userOf } from './invited-user.js';
import { alreadyMember, invitationNotValid } from './members.errors.js';
import { refuseMemberBeyondPlan } from './plan-limits.js';
import type { TenantLimits } from '../platform-billing/tenant-entitlements.js';

export interface AcceptInvitationInput {
  token: string;
  /** Needed from somebody new. */
  name?: string | undefined;
  /** Somebody new chooses it; somebody with an account proves that it is his. */
  password?: string | undefined;
}

type OpenInvitation = Invitation & { tenant: Tenant };

/**
 * Joins the tenant that an invitation is to, and logs in there.
 * @throws invitation_not_valid, already_member, plan_limit_reached, and what `identifyInvited` throws
 */
export async function acceptInvitation(
  deps: IdentityDeps,
  origin: RequestOrigin,
  input: AcceptInvitationInput,
  beforeCommit: BeforeCommit<Login> = nothingMore,
): Promise<Login> {
  const invitation = await requireOpen(deps, input.token);
  await releaseAbandonedRegistrations(deps, { email: invitation.email, slug: undefined });
  const invited = await identifyInvited(deps, invitation.email, input);
  const limits = await deps.entitlements.of(invitation.tenantId);
  return deps.central.$transaction(async (tx) => {
    const joined = await join(tx, deps, { origin, invitation, invited, limits });
    await beforeCommit(tx, joined);
    return joined;
  });
}

async function requireOpen(deps: IdentityDeps, token: string): Promise<OpenInvitation> {
  const invitation = await deps.central.invitation.findUnique({
    where: { tokenHash: deps.hashes.invitation.of(token) },
    include: { tenant: true },
  });
  if (!invitation || invitation.acceptedAt || invitation.revokedAt) throw notValid();
  if (invitation.expiresAt <= deps.clock.now() || invitation.tenant.status !== 'active') throw notValid();
  return invitation;
}

async function join(
  tx: CentralTransaction,
  deps: IdentityDeps,
  {
    origin,
    invitation,
    invited,
    limits,
  }: { origin: RequestOrigin; invitation: OpenInvitation; invited: InvitedUser; limits: TenantLimits },
): Promise<Login> {
  const { tenant } = invitation;
  await take(tx, deps, invitation);
  const user = await userOf(tx, invited);
  const who = { tenantId: tenant.id, userId: user.id };
  const existing = await tx.membership.findUnique({ where: { tenantId_userId: who } });
  if (existing) throw alreadyMember(`${user.email} is a member already.`);
  await refuseMemberBeyondPlan(tx, limits, tenant.id);
  const role = roleOf(invitation.role);
  const membership = await tx.membership.create({ data: { id: newId('mem'), ...who, role } });
  await announce(tx, { kind: 'member', ...who });
  const caller = { ...origin, tenantId: tenant.id, actor: { type: 'user', id: user.id } } as const;
  await recordAudit(tx, caller, {
    action: 'member.joined',
    target: { type: 'member', id: membership.id },
    after: { email: user.email, role, invitationId: invitation.id },
  });
  return { user, tenant, role, tokens: await openSession(tx, deps, origin, who) };
}

/** Of two who accept at once, one finds it taken. */
async function take(tx: CentralTransaction, deps: IdentityDeps, { id }: OpenInvitation): Promise<void> {
  const { count } = await tx.invitation.updateMany({
    where: { id, acceptedAt: null, revokedAt: null },
    data: { acceptedAt: deps.clock.now() },
  });
  if (count === 0) throw notValid();
}

function notValid() {
  const detail = 'The invitation has expired, was used or withdrawn, or never was. Ask for another.';
  return invitationNotValid(detail, atPointer('/token', 'invitation_not_valid', 'is not an open invitation'));
}
