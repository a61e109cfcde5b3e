import type { Tenant } from '@nova/prisma-central';

import { ROLES, type Role } from '../../platform/access/permissions.js';
import type { CentralClient, CentralTransaction } from '../../tenancy/central/central-database.js';
import { REACHABLE_STATUSES } from '../../tenancy/context/admission.js';

/** A tenant that a user belongs to, and as what. */
export interface UserMembership {
  id: string;
  tenant: Tenant;
  role: Role;
}

/** A role as the database has it. What a newer version may have written and we do not know is worth nothing here. */
export function roleOf(stored: string): Role {
  return ROLES.find((role) => role === stored) ?? 'viewer';
}

/** The tenants of a user that are ready to be used, the one joined first at the front. */
export async function membershipsOf(
  db: CentralClient | CentralTransaction,
  userId: string,
): Promise<UserMembership[]> {
  const rows = await db.membership.findMany({
    where: { userId, tenant: { status: { in: [...REACHABLE_STATUSES] } } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { tenant: true },
  });
  return rows.map(({ id, tenant, role }) => ({ id, tenant, role: roleOf(role) }));
}

/** The membership that a login asks for, or the first. */
export async function findMembership(
  db: CentralClient,
  userId: string,
  asked: { tenantId?: string | undefined; tenantSlug?: string | undefined },
): Promise<UserMembership | null> {
  const memberships = await membershipsOf(db, userId);
  const isAsked = ({ tenant }: UserMembership) =>
    (asked.tenantId === undefined || tenant.id === asked.tenantId) &&
    (asked.tenantSlug === undefined || tenant.slug === asked.tenantSlug);
  return memberships.find(isAsked) ?? null;
}
