import type { DunningEntry, DunningRun } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

export type DunningTimeline = DunningRun & { entries: DunningEntry[] };

/**
 * What was done about an invoice, oldest first.
 * @throws notFound when it was never dunned
 */
export async function readTimeline(db: TenantReader, invoiceId: string): Promise<DunningTimeline> {
  const run = await db.dunningRun.findUnique({
    where: { invoiceId },
    include: { entries: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
  });
  if (!run) throw notFound('The invoice was never dunned.');
  return run;
}
