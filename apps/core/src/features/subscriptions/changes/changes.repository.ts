import type { Prisma, SubscriptionChange } from '@nova/prisma-tenant';

import { notFound } from '../../../platform/errors/common-errors.js';
import type { Cursors } from '../../../platform/http/cursors.js';
import { paginate, type Page } from '../../../platform/http/pagination.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { scheduleBilling } from '../schedule-billing.js';
import { changeNotScheduled } from '../subscriptions.errors.js';
import { lockSubscription } from '../subscriptions.repository.js';
import type { ListChangesQuery, SubscriptionChangeWire } from './change.schemas.js';
import { recordChange } from '../../events/record-change.js';
import { readSubscriptionInEvent } from '../subscription-event.js';

/** A page of what happened to a subscription and what is agreed on, newest first unless asked otherwise. */
export function listChanges(
  ctx: TenantContext,
  cursors: Cursors,
  { subscriptionId, query }: { subscriptionId: string; query: ListChangesQuery },
): Promise<Page<SubscriptionChangeWire>> {
  const filters: Prisma.SubscriptionChangeWhereInput[] = [{ subscriptionId }];
  if (query.status !== undefined) filters.push({ status: query.status });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.subscriptionChange.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toChangeWire,
  });
}

/**
 * Takes back a change that has not taken effect.
 * @throws notFound, changeNotScheduled
 */
export async function cancelChange(ctx: TenantContext, reference: string, changeId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { id: subscriptionId } = await lockSubscription(tx.db, reference);
    const change = await tx.db.subscriptionChange.findUnique({ where: { id: changeId, subscriptionId } });
    if (!change) throw notFound('The subscription has no such change.');
    if (change.status !== 'scheduled') throw changeNotScheduled(`Change ${changeId} is ${change.status}.`);
    await tx.db.subscriptionChange.update({
      where: { id: changeId },
      data: { status: 'canceled', canceledAt: ctx.clock.now() },
    });
    await scheduleBilling(ctx, tx, subscriptionId);
    const shown = await readSubscriptionInEvent(tx.db, subscriptionId);
    await recordChange(tx, ctx, 'subscription.change_canceled', shown, { facts: { changeId } });
  });
}

function toChangeWire(row: SubscriptionChange): SubscriptionChangeWire {
  const { kind, ...request } = row.request as Record<string, unknown>;
  const result = (row.result ?? {}) as { invoiceIds?: string[]; creditNoteIds?: string[] };
  return {
    object: 'subscription_change',
    id: row.id,
    subscriptionId: row.subscriptionId,
    // Text columns with few values were checked on their way in, and the answer is checked against the schema.
    status: row.status as SubscriptionChangeWire['status'],
    kind: typeof kind === 'string' ? kind : 'changed',
    effectiveAt: row.effectiveAt.toISOString(),
    proration: row.proration as SubscriptionChangeWire['proration'],
    request,
    invoiceIds: result.invoiceIds ?? [],
    creditNoteIds: result.creditNoteIds ?? [],
    createdAt: row.createdAt.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
    canceledAt: row.canceledAt?.toISOString() ?? null,
  };
}
