import { quotaWindow } from '../../domain/entitlements/quota-window.js';
import { Decimal } from '../../domain/money/decimal.js';
import type { CentralClient, CentralTransaction } from '../../tenancy/central/central-database.js';
import { planLimitReached } from '../platform-billing/platform-billing.errors.js';
import type { TenantLimits } from '../platform-billing/tenant-entitlements.js';

type CentralReader = CentralClient | CentralTransaction;

/** Somebody who is to be invited to a tenant whose row is held. */
export interface Guest {
  readonly tenantId: string;
  readonly timeZone: string;
  readonly email: string;
  /** Of the invitation: asked for again with its id it is the same one. */
  readonly invitationId: string;
  readonly now: Date;
}

/**
 * Refuses an invitation that would be more than the tenant's plan has: people who belong to the tenant or are invited
 * already, and invitations in the calendar's month.
 * @throws plan_limit_reached
 */
export async function refuseGuestBeyondPlan(
  tx: CentralTransaction,
  limits: TenantLimits,
  guest: Guest,
): Promise<void> {
  const { tenantId, timeZone, email, invitationId, now } = guest;
  const others = await tx.invitation.count({
    where: { tenantId, acceptedAt: null, revokedAt: null, expiresAt: { gt: now }, email: { not: email } },
  });
  refuseBeyond(limits.members, (await countMembers(tx, tenantId)) + others, 'people');
  const month = quotaWindow('month', { now, period: null, timeZone });
  const sent = await countInvitations(tx, tenantId, month.start, invitationId);
  refuseBeyond(limits.invites_per_month, sent, 'invitations a month');
}

/**
 * Refuses one more member than the tenant's plan has: it may have become smaller since he was invited.
 * @throws plan_limit_reached
 */
export async function refuseMemberBeyondPlan(
  tx: CentralTransaction,
  limits: TenantLimits,
  tenantId: string,
): Promise<void> {
  if (limits.members === null) return;
  // Of two who join at once, the second sees the first.
  await tx.$queryRaw`SELECT id FROM tenants WHERE id = ${tenantId} FOR NO KEY UPDATE`;
  refuseBeyond(limits.members, await countMembers(tx, tenantId), 'people');
}

/** The people of a tenant. */
export function countMembers(db: CentralReader, tenantId: string): Promise<number> {
  return db.membership.count({ where: { tenantId } });
}

/** Invitations of a tenant since some moment, besides one. */
export function countInvitations(
  db: CentralReader,
  tenantId: string,
  since: Date,
  besides = '',
): Promise<number> {
  return db.invitation.count({ where: { tenantId, createdAt: { gte: since }, id: { not: besides } } });
}

function refuseBeyond(limit: Decimal | null, present: number, what: string): void {
  if (limit === null || new Decimal(present).plus(1).lte(limit)) return;
  throw planLimitReached(
    `The plan has ${limit.toFixed()} ${what}, and there are ${present}. Choose a larger one: POST /api/billing/subscription.`,
  );
}
