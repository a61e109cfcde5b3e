import type { DunningPolicy } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toDunningPolicyWire } from './dunning-policy-wire.js';

/** The policy of whoever has no other. Until the transaction ends nobody else changes which it is. */
export async function lockDefault({ db }: TenantTransaction): Promise<DunningPolicy | null> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('dunning_policies.is_default'))::text`;
  return db.dunningPolicy.findFirst({ where: { isDefault: true, archivedAt: null } });
}

/** Makes room for another default policy, where there is one. */
export async function dropDefault(
  ctx: TenantContext,
  tx: TenantTransaction,
  present: DunningPolicy | null,
): Promise<void> {
  if (!present) return;
  const changed = await tx.db.dunningPolicy.update({
    where: { id: present.id },
    data: { isDefault: false, version: { increment: 1 }, updatedAt: ctx.clock.now() },
  });
  const before = toDunningPolicyWire(present);
  await recordChange(tx, ctx, 'dunning_policy.updated', toDunningPolicyWire(changed), { before });
}
