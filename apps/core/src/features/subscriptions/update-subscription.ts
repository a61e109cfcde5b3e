import type { Prisma, Subscription } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireVerb } from './require-verb.js';
import { scheduleBilling } from './schedule-billing.js';
import type { ShownSubscription } from './subscription-wire.js';
import { lockSubscription, readSubscription } from './subscriptions.repository.js';
import type { UpdateSubscription } from './subscriptions.schemas.js';
import { recordChange } from '../events/record-change.js';
import { readSubscriptionInEvent } from './subscription-event.js';

/**
 * Changes how a subscription is collected from the next invoice on, its commitment, or its metadata; asks for its end with the
 * period, or takes that back. Of one that has ended only the metadata can change.
 * @throws notFound, preconditionFailed, subscriptionCanceled, subscriptionNotStarted, invalidRequest
 */
export async function updateSubscription(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdateSubscription,
  expected: ExpectedVersions,
): Promise<ShownSubscription> {
  return ctx.transaction(async (tx) => {
    const subscription = await lockSubscription(tx.db, idOrExternalId);
    checkVersion(expected, subscription.version);
    const { metadata, cancelAtPeriodEnd, commitmentAmount, ...terms } = input;
    const changesTerms = commitmentAmount !== undefined || Object.keys(terms).length > 0;
    if (changesTerms) requireVerb(subscription, 'edit');
    const before = await readSubscriptionInEvent(tx.db, subscription.id);
    const now = ctx.clock.now();
    const data: Prisma.SubscriptionUpdateInput = { ...terms };
    if (commitmentAmount !== undefined)
      data.commitmentAmount = commitmentAmount === null ? null : BigInt(commitmentAmount);
    if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(subscription.metadata), metadata);
    if (cancelAtPeriodEnd === true) Object.assign(data, runOut(subscription, now));
    if (cancelAtPeriodEnd === false) Object.assign(data, keep(subscription));
    await tx.db.subscription.update({ where: { id: subscription.id }, data });
    await scheduleBilling(ctx, tx, subscription.id);
    const shown = await readSubscriptionInEvent(tx.db, subscription.id);
    await recordChange(tx, ctx, 'subscription.updated', shown, { before });
    return readSubscription(tx.db, subscription.id);
  });
}

function runOut(subscription: Subscription, now: Date): Prisma.SubscriptionUpdateInput {
  requireVerb(subscription, 'schedule_cancel');
  return { cancelAtPeriodEnd: true, cancelAt: null, canceledAt: subscription.canceledAt ?? now };
}

function keep(subscription: Subscription): Prisma.SubscriptionUpdateInput {
  if (!subscription.cancelAtPeriodEnd && subscription.status === 'scheduled') return {};
  requireVerb(subscription, 'keep');
  return { cancelAtPeriodEnd: false, cancelAt: null, canceledAt: null, cancelReason: null };
}
