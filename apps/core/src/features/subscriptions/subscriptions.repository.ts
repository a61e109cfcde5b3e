import type { Prisma, Subscription } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { toSubscriptionWire, type ShownSubscription, type SubscriptionWire } from './subscription-wire.js';
import type { ListSubscriptionsQuery } from './subscriptions.schemas.js';

/** The items that it is made of now; those that have ended are history. */
const WITH_ITEMS = { items: { where: { endedAt: null }, orderBy: { position: 'asc' } } } as const;

/**
 * The subscription by our id or the caller's.
 * @throws notFound
 */
export async function requireSubscription(db: TenantReader, idOrExternalId: string): Promise<Subscription> {
  const where = readReference('sub', idOrExternalId);
  const subscription = where && (await db.subscription.findUnique({ where }));
  if (!subscription) throw notFound('There is no such subscription.');
  return subscription;
}

/**
 * Takes the subscription's row, after its customer's, until the transaction ends, and reads it as it then is. A change of
 * a subscription and the billing of it go through this lock.
 * @throws notFound
 */
export async function lockSubscription(
  db: Prisma.TransactionClient,
  idOrExternalId: string,
): Promise<Subscription> {
  const { id, customerId } = await requireSubscription(db, idOrExternalId);
  await lockAccounts(db, [customerId]);
  await db.$queryRaw`SELECT id FROM subscriptions WHERE id = ${id} FOR UPDATE`;
  return requireSubscription(db, id);
}

/** The subscription of an id that is known to exist, with all that the wire shows of it. */
export async function readSubscription(db: TenantReader, id: string): Promise<ShownSubscription> {
  const subscription = await db.subscription.findUniqueOrThrow({ where: { id }, include: WITH_ITEMS });
  const latest = await latestInvoices(db, [id]);
  return { ...subscription, latestInvoiceId: latest.get(id) ?? null };
}

/** A page of subscriptions, newest first unless asked otherwise. */
export function listSubscriptions(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListSubscriptionsQuery,
): Promise<Page<SubscriptionWire>> {
  const filters: Prisma.SubscriptionWhereInput[] = [];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.plan !== undefined) filters.push(ofPlan(query.plan));
  return paginate({
    query,
    cursors,
    fetch: async ({ where, orderBy, take }) => {
      const rows = await ctx.db.subscription.findMany({
        where: { AND: [where, ...filters] },
        orderBy,
        take,
        include: WITH_ITEMS,
      });
      const latest = await latestInvoices(
        ctx.db,
        rows.map(({ id }) => id),
      );
      return rows.map((row) => ({ ...row, latestInvoiceId: latest.get(row.id) ?? null }));
    },
    toWire: toSubscriptionWire,
  });
}

function ofPlan(idOrExternalId: string): Prisma.SubscriptionWhereInput {
  const reference = readReference('plan', idOrExternalId);
  if (reference && 'externalId' in reference) return { plan: reference };
  return { planId: reference?.id ?? '' };
}

/** The invoice of the newest billed period of each subscription: one walk of the periods' unique index. */
async function latestInvoices(db: TenantReader, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<{ subscription_id: string; invoice_id: string }[]>`
    SELECT DISTINCT ON (subscription_id) subscription_id, invoice_id
    FROM billing_periods
    WHERE subscription_id = ANY(${ids}) AND invoice_id IS NOT NULL
    ORDER BY subscription_id, period_start DESC`;
  return new Map(rows.map((row) => [row.subscription_id, row.invoice_id]));
}
