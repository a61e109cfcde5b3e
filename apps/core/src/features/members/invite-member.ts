import type { Invitation } from '@nova/prisma-central';

import type { Role } from '../../platform/access/permissions.js';
import { randomToken } from '../../platform/crypto/random-token.js';
import { unavailable } from '../../platform/errors/common-errors.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { recordAudit } from '../audit/record-audit.js';
import type { UserAccount } from '../auth/account-context.js';
import { atPointer } from '../auth/auth.errors.js';
import { normaliseEmail } from '../auth/email-address.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { roleOf } from '../auth/memberships.js';
import { lockTenant } from '../tenants/update-tenant.js';
import { invitationMail } from './invitation-mail.js';
import { requireMayGrant } from './may-grant.js';
import { alreadyMember } from './members.errors.js';
import { refuseGuestBeyondPlan } from './plan-limits.js';

const GOOD_FOR_MS = 7 * 86_400_000;

/**
 * Invites somebody by e-mail. The token is in the message and, as a keyed hash, in the database: whoever invites never
 * sees it, so accepting proves that one reads that mailbox. Inviting the same address again replaces the invitation; with
 * the same id it is the same one, whose message is sent anew.
 * @throws already_member, plan_limit_reached, forbidden for a role above the inviter's, unavailable when the message cannot be sent
 */
export async function inviteMember(
  deps: IdentityDeps,
  account: UserAccount,
  input: { id: string; email: string; role: Role },
): Promise<Invitation> {
  requireMayGrant(account.actor, input.role);
  const email = normaliseEmail(input.email);
  const token = `nvi_${randomToken()}`;
  const limits = await deps.entitlements.of(account.tenantId);
  const { invitation, tenantName } = await deps.central.$transaction(async (tx) => {
    const tenant = await lockTenant(tx, account.tenantId);
    await refuseMember(tx, { tenantId: tenant.id, email });
    const { id: tenantId, timeZone } = tenant;
    const guest = { tenantId, timeZone, email, invitationId: input.id, now: deps.clock.now() };
    await refuseGuestBeyondPlan(tx, limits, guest);
    const row = await replaceInvitation(tx, deps, { account, id: input.id, email, role: input.role, token });
    return { invitation: row, tenantName: tenant.name };
  });
  await send(deps, account, { invitation, tenantName, token });
  return invitation;
}

async function refuseMember(tx: CentralTransaction, who: { tenantId: string; email: string }): Promise<void> {
  const member = await tx.membership.findFirst({
    where: { tenantId: who.tenantId, user: { email: who.email } },
  });
  if (member)
    throw alreadyMember(`${who.email} is a member.`, atPointer('/email', 'already_member', 'is a member'));
}

interface NewInvitation {
  account: UserAccount;
  id: string;
  email: string;
  role: Role;
  token: string;
}

async function replaceInvitation(
  tx: CentralTransaction,
  deps: IdentityDeps,
  { account, id, email, role, token }: NewInvitation,
): Promise<Invitation> {
  const now = deps.clock.now();
  const { tenantId } = account;
  await tx.invitation.updateMany({
    where: { tenantId, email, acceptedAt: null, revokedAt: null, id: { not: id } },
    data: { revokedAt: now },
  });
  const tokenHash = deps.hashes.invitation.of(token);
  const expiresAt = new Date(now.getTime() + GOOD_FOR_MS);
  const invitation = await tx.invitation.upsert({
    where: { id },
    create: {
      id,
      tenantId,
      email,
      role,
      tokenHash,
      invitedBy: account.actor.id,
      createdAt: now,
      expiresAt,
    },
    // Who asks again with its id did not get to send the message, so nobody has the token that it replaces.
    update: { tokenHash, expiresAt, revokedAt: null },
  });
  const target = { type: 'invitation', id: invitation.id };
  await recordAudit(tx, account, { action: 'member.invited', target, after: { email, role } });
  return invitation;
}

async function send(
  deps: IdentityDeps,
  account: UserAccount,
  { invitation, tenantName, token }: { invitation: Invitation; tenantName: string; token: string },
): Promise<void> {
  const inviter = await deps.central.user.findUniqueOrThrow({ where: { id: account.actor.id } });
  const message = invitationMail({
    invitationId: invitation.id,
    to: invitation.email,
    tenantName,
    inviterName: inviter.name,
    role: roleOf(invitation.role),
    token,
    publicUrl: deps.config.publicUrl,
    expiresAt: invitation.expiresAt,
  });
  try {
    await deps.mailer.send(message);
  } catch (error) {
    // Nobody has the token: the invitation is withdrawn, and the same call again makes another.
    await deps.central.invitation.update({
      where: { id: invitation.id },
      data: { revokedAt: deps.clock.now() },
    });
    throw unavailable('The invitation could not be e-mailed. Try again in a moment.', { cause: error });
  }
}
