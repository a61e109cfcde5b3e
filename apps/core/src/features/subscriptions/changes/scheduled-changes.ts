import type { Prisma, SubscriptionChange } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { recordEvent } from '../../events/record-event.js';
import { scheduleBilling } from '../schedule-billing.js';
import { type ChangeSubscription, ChangeSubscriptionSchema } from './change.schemas.js';

/** A change that is agreed on for later. */
export interface NewChange {
  readonly subscriptionId: string;
  readonly effectiveAt: Date;
  readonly change: ChangeSubscription;
  readonly timing: 'period_end' | 'at';
}

/** The changes that wait to take effect, the earliest first. */
export function loadScheduledChanges(
  db: TenantReader,
  subscriptionId: string,
): Promise<SubscriptionChange[]> {
  return db.subscriptionChange.findMany({
    where: { subscriptionId, status: 'scheduled' },
    orderBy: [{ effectiveAt: 'asc' }, { id: 'asc' }],
  });
}

/** What a change asks for, as it was asked. It is resolved again when it takes effect. */
export function requestOf({ request, proration }: SubscriptionChange): ChangeSubscription {
  const { planId, version, items } = request as Record<string, unknown>;
  return ChangeSubscriptionSchema.parse({
    proration,
    ...(planId === undefined ? {} : { planId }),
    ...(version === undefined ? {} : { version }),
    ...(items === undefined ? {} : { items }),
  });
}

/** The history's form of what was asked for. */
export function historyOf(change: ChangeSubscription, timing: string): Prisma.InputJsonObject {
  // Through text, so that what was left out is left out.
  const asked = JSON.parse(JSON.stringify(change)) as Prisma.InputJsonObject;
  return { ...asked, timing };
}

/** Writes a change down for its time. The transaction holds the subscription's row. */
export async function scheduleChange(
  ctx: TenantContext,
  tx: TenantTransaction,
  { subscriptionId, effectiveAt, change, timing }: NewChange,
): Promise<SubscriptionChange> {
  const id = newId('chg');
  const scheduled = await tx.db.subscriptionChange.create({
    data: {
      id,
      subscriptionId,
      status: 'scheduled',
      effectiveAt,
      proration: change.proration,
      request: { ...historyOf(change, timing), kind: 'changed' },
      createdAt: ctx.clock.now(),
    },
  });
  await scheduleBilling(ctx, tx, subscriptionId);
  await recordEvent(tx, ctx, {
    type: 'subscription.change_scheduled',
    objectType: 'subscription',
    objectId: subscriptionId,
    data: { changeId: id, effectiveAt: effectiveAt.toISOString() },
  });
  return scheduled;
}
