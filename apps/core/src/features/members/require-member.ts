import type { Membership, User } from '@nova/prisma-central';

import { notFound } from '../../platform/errors/common-errors.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { lockTenant } from '../tenants/update-tenant.js';
import { lastOwner } from './members.errors.js';

export type Member = Membership & { user: User };

/**
 * Reads a member for a change, under the lock of the tenant's row: changes of a tenant's members happen one after the
 * other, so that two owners cannot demote each other at the same moment.
 * @throws not_found
 */
export async function lockMember(tx: CentralTransaction, tenantId: string, id: string): Promise<Member> {
  await lockTenant(tx, tenantId);
  const member = await tx.membership.findFirst({ where: { id, tenantId }, include: { user: true } });
  if (!member) throw notFound('There is no such member.');
  return member;
}

/**
 * Refuses to leave a tenant without an owner. Call it under the lock.
 * @throws last_owner
 */
export async function requireAnotherOwner(tx: CentralTransaction, member: Membership): Promise<void> {
  if (member.role !== 'owner') return;
  const others = await tx.membership.count({
    where: { tenantId: member.tenantId, role: 'owner', id: { not: member.id }, user: { status: 'active' } },
  });
  if (others === 0) throw lastOwner('This is the last owner. Make somebody else an owner first.');
}
