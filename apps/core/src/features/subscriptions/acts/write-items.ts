import { Prisma } from '@nova/prisma-tenant';

import type { TenantTransaction } from '../../../tenancy/tenant-context.js';
import type { Billable } from '../../billing/billable.js';

/** Writes the rows that an act has begun and ends those that it has ended. */
export async function writeItems(tx: TenantTransaction, before: Billable, after: Billable): Promise<void> {
  const known = new Map(before.items.map(({ row }) => [row.id, row]));
  const begun = after.items.filter(({ row }) => !known.has(row.id)).map(({ row }) => row);
  const ended = after.items.filter(({ row }) => row.endedAt !== null && known.get(row.id)?.endedAt === null);
  for (const { row } of ended) {
    await tx.db.subscriptionItem.update({ where: { id: row.id }, data: { endedAt: row.endedAt } });
  }
  if (begun.length === 0) return;
  await tx.db.subscriptionItem.createMany({
    data: begun.map(({ termsOverride, ...row }) => ({
      ...row,
      termsOverride: termsOverride === null ? Prisma.DbNull : (termsOverride as Prisma.InputJsonValue),
    })),
  });
}
