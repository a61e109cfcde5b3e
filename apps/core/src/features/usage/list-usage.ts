import { Prisma } from '@nova/prisma-tenant';

import type { PropertyValue } from '../../domain/usage/meter-terms.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import type { Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { findCustomer } from '../customers/customers.repository.js';
import type { ListUsageQuery } from './usage-queries.schemas.js';
import type { UsageEventWire } from './usage-wire.js';

interface EventRow {
  transaction_id: string;
  event_name: string;
  customer_id: string;
  subscription_id: string | null;
  occurred_at: Date;
  received_at: Date;
  properties: Record<string, PropertyValue>;
}

const COLUMNS = Prisma.sql`transaction_id, event_name, customer_id, subscription_id, occurred_at, received_at, properties`;

/**
 * A page of events by their own time, the newest first unless asked otherwise.
 * @throws invalid_cursor
 */
export async function listUsage(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListUsageQuery,
): Promise<Page<UsageEventWire>> {
  const direction = query.sort === 'timestamp' ? 'asc' : 'desc';
  const conditions = await conditionsOf(ctx, query);
  if (!conditions) return { object: 'list', data: [], hasMore: false, nextCursor: null };
  if (query.cursor !== undefined) {
    const { createdAt, id } = cursors.read(direction, query.cursor);
    conditions.push(
      direction === 'asc'
        ? Prisma.sql`occurred_at >= ${createdAt} AND (occurred_at, transaction_id) > (${createdAt}, ${id})`
        : Prisma.sql`occurred_at <= ${createdAt} AND (occurred_at, transaction_id) < (${createdAt}, ${id})`,
    );
  }
  const order = direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const rows = await ctx.db.$queryRaw<EventRow[]>`
    SELECT ${COLUMNS} FROM usage_events WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY occurred_at ${order}, transaction_id ${order} LIMIT ${query.limit + 1}`;
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = rows.length > page.length;
  return {
    object: 'list',
    data: page.map(toUsageEventWire),
    hasMore,
    nextCursor:
      hasMore && last
        ? cursors.write(direction, { createdAt: last.occurred_at, id: last.transaction_id })
        : null,
  };
}

/** Null when no event can pass them. */
async function conditionsOf(ctx: TenantContext, query: ListUsageQuery): Promise<Prisma.Sql[] | null> {
  const conditions = [Prisma.sql`true`];
  if (query.customer !== undefined) {
    const customer = await findCustomer(ctx.db, query.customer);
    if (!customer) return null;
    conditions.push(Prisma.sql`customer_id = ${customer.id}`);
  }
  if (query.subscription !== undefined) {
    const where = readReference('sub', query.subscription);
    const subscription = where && (await ctx.db.subscription.findUnique({ where, select: { id: true } }));
    if (!subscription) return null;
    conditions.push(Prisma.sql`subscription_id = ${subscription.id}`);
  }
  if (query.eventName !== undefined) conditions.push(Prisma.sql`event_name = ${query.eventName}`);
  const { 'timestamp[gte]': from, 'timestamp[lt]': to } = query;
  if (from !== undefined) conditions.push(Prisma.sql`occurred_at >= ${new Date(from)}`);
  if (to !== undefined) conditions.push(Prisma.sql`occurred_at < ${new Date(to)}`);
  return conditions;
}

/**
 * One event by its transaction id. Its key says of which moment it is, and so in which month's table it stands.
 * @throws notFound
 */
export async function readUsageEvent(ctx: TenantContext, transactionId: string): Promise<UsageEventWire> {
  const [key] = await ctx.db.$queryRaw<{ occurred_at: Date | null }[]>`
    SELECT occurred_at FROM usage_keys WHERE transaction_id = ${transactionId}`;
  if (key) {
    const moment = key.occurred_at ? Prisma.sql`AND occurred_at = ${key.occurred_at}` : Prisma.empty;
    const [row] = await ctx.db.$queryRaw<EventRow[]>`
      SELECT ${COLUMNS} FROM usage_events WHERE transaction_id = ${transactionId} ${moment}`;
    if (row) return toUsageEventWire(row);
  }
  throw notFound('There is no event of this transactionId.');
}

/** The event as callers see it. */
function toUsageEventWire(row: EventRow): UsageEventWire {
  return {
    object: 'usage_event',
    transactionId: row.transaction_id,
    eventName: row.event_name,
    customerId: row.customer_id,
    subscriptionId: row.subscription_id,
    timestamp: row.occurred_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    properties: row.properties,
  };
}
