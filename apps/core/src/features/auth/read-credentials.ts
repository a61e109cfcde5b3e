import type { Role } from '../../platform/access/permissions.js';
import type { CentralClient } from '../../tenancy/central/central-database.js';
import { roleOf } from './memberships.js';

/** What is known of a session that has not been ended. */
export interface KnownSession {
  readonly userId: string;
  readonly tenantId: string;
  readonly expiresAt: Date;
}

/** What is known of an active user at a tenant. */
export interface KnownMembership {
  readonly role: Role;
}

/** Reads a session; null when there is none or it was ended. */
export async function readSession(central: CentralClient, id: string): Promise<KnownSession | null> {
  return central.session.findFirst({
    where: { id, revokedAt: null },
    select: { userId: true, tenantId: true, expiresAt: true },
  });
}

/** Reads what a user is at a tenant; null when he is no member, or disabled. */
export async function readMembership(
  central: CentralClient,
  { tenantId, userId }: { tenantId: string; userId: string },
): Promise<KnownMembership | null> {
  const row = await central.membership.findUnique({
    where: { tenantId_userId: { tenantId, userId } },
    select: { role: true, user: { select: { status: true } } },
  });
  return row?.user.status === 'active' ? { role: roleOf(row.role) } : null;
}
