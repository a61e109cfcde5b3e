import type { Prisma, SubscriptionChange } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { scheduleBilling } from '../schedule-billing.js';
import { type ChangeSubscription, ChangeSubscriptionSchema } from './change.schemas.js';
import { recordChange } from '../../events/record-change.js';
import { readSubscriptionInEvent } from '../subscription-event.js';

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
  const shown = await readSubscriptionInEvent(tx.db, subscriptionId);
  const facts = { changeId: id, effectiveAt: effectiveAt.toISOString() };
  await recordChange(tx, ctx, 'subscription.change_scheduled', shown, { facts });
  return scheduled;
}
