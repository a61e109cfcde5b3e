import type { Prisma, UsageAlert } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { type ListUsageAlertsQuery, toUsageAlertWire, type UsageAlertWire } from './usage-alert-wire.js';

/** @throws notFound */
export async function requireUsageAlert(db: TenantReader, id: string): Promise<UsageAlert> {
  const alert = await db.usageAlert.findUnique({ where: { id } });
  if (!alert) throw notFound('There is no such usage alert.');
  return alert;
}

/**
 * The alert's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockUsageAlert(db: Prisma.TransactionClient, id: string): Promise<UsageAlert> {
  await db.$queryRaw`SELECT id FROM usage_alerts WHERE id = ${id} FOR UPDATE`;
  return requireUsageAlert(db, id);
}

/** A page of alerts, newest first unless asked otherwise. */
export function listUsageAlerts(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListUsageAlertsQuery,
): Promise<Page<UsageAlertWire>> {
  const filters: Prisma.UsageAlertWhereInput[] = [];
  if (query.active !== undefined) filters.push({ active: query.active === 'true' });
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.meter !== undefined) {
    const reference = readReference('mtr', query.meter);
    filters.push(reference ? { meter: reference } : { meterId: '' });
  }
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.usageAlert.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toUsageAlertWire,
  });
}
