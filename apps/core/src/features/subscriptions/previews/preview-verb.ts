import type { Subscription, SubscriptionChange } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import { notFound } from '../../../platform/errors/common-errors.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { activeDiscount, type ActiveDiscount } from '../../billing/load-discounts.js';
import { findRedeemable } from '../../coupons/attach-discount.js';
import { requireCustomer } from '../../customers/customers.repository.js';
import { requirePlan } from '../../plans/plans.repository.js';
import { billableOf } from '../act-on-subscription.js';
import { planCreation } from '../acts/plan-creation.js';
import { historyOf, loadScheduledChanges } from '../changes/scheduled-changes.js';
import { planSubscription } from '../create-subscription.js';
import { planVerb } from '../plan-verb.js';
import { requireSubscription } from '../subscriptions.repository.js';
import type { CreateSubscription } from '../subscriptions.schemas.js';
import type { VerbRequest } from '../verbs.schemas.js';
import { followUntil, planUpcoming } from './plan-upcoming.js';
import { previewAct, showUpcoming } from './preview-act.js';
import type { InvoicePreviewWire, SubscriptionPreviewWire } from './preview-wire.js';

/**
 * What would come of a verb, now or at the time that it would take effect. Nothing is written.
 * @throws what the verb throws
 */
export async function previewVerb(
  ctx: TenantContext,
  reference: string,
  request: VerbRequest,
): Promise<SubscriptionPreviewWire> {
  const subscription = await requireSubscription(ctx.db, reference);
  const before = await billableOf(ctx.db, subscription);
  const changes = await loadScheduledChanges(ctx.db, subscription.id);
  const planned = await planVerb(ctx, ctx.db, { before, request });
  if (planned.when === 'now') return previewAct(ctx, ctx.db, { act: planned.act, changes });
  const { decided, change } = planned;
  const scheduled: SubscriptionChange = {
    id: newId('chg'),
    subscriptionId: subscription.id,
    status: 'scheduled',
    effectiveAt: decided.at,
    proration: change.proration,
    request: historyOf(change, decided.timing) as SubscriptionChange['request'],
    result: null,
    createdAt: ctx.clock.now(),
    appliedAt: null,
    canceledAt: null,
  };
  const expected = {
    before,
    changes: [...changes, scheduled].toSorted((a, b) => a.effectiveAt.getTime() - b.effectiveAt.getTime()),
  };
  const act = await followUntil(ctx, ctx.db, {
    expected,
    found: ({ changeId }) => changeId === scheduled.id,
  });
  if (act === null) throw notFound('The subscription ends before the change would take effect.');
  return previewAct(ctx, ctx.db, { act, changes: [] });
}

/**
 * What subscribing would come to: the first invoice, or the one that comes when it starts or its trial ends.
 * @throws notFound, notOffered, itemsDoNotFit, couponNotRedeemable, invalidRequest
 */
export async function previewCreation(
  ctx: TenantContext,
  input: CreateSubscription,
): Promise<SubscriptionPreviewWire> {
  const customer = await requireCustomer(ctx.db, input.customerId);
  const plan = await requirePlan(ctx.db, input.planId);
  const before = await planSubscription(ctx, ctx.db, { id: newId('sub'), input, customer, plan });
  const act = await planCreation(ctx, ctx.db, { before, backdateBilling: input.backdateBilling });
  const discounts = await discountOf(ctx, before.subscription, input);
  return previewAct(ctx, ctx.db, { act, changes: [], discounts });
}

/** The discount that the coupon would be. */
async function discountOf(
  ctx: TenantContext,
  { id: subscriptionId, customerId, currency }: Subscription,
  { couponId, couponCode }: CreateSubscription,
): Promise<ActiveDiscount[]> {
  if (couponId === undefined && couponCode === undefined) return [];
  const attachment = { customerId, subscription: { id: subscriptionId, currency }, couponId, couponCode };
  const coupon = await findRedeemable(ctx, ctx.db, attachment);
  const row = {
    id: newId('disc'),
    couponId: coupon.id,
    customerId,
    subscriptionId,
    status: 'active',
    amountLeft: coupon.kind === 'fixed' && coupon.duration === 'once' ? coupon.amountOff : null,
    periodsUsed: 0,
    attachedAt: ctx.clock.now(),
    endedAt: null,
  };
  return [activeDiscount({ ...row, coupon })];
}

/**
 * The next invoice of a subscription as it would be by now.
 * @throws notFound also when none will come
 */
export async function previewUpcoming(ctx: TenantContext, reference: string): Promise<InvoicePreviewWire> {
  const subscription = await requireSubscription(ctx.db, reference);
  const before = await billableOf(ctx.db, subscription);
  const changes = await loadScheduledChanges(ctx.db, subscription.id);
  const upcoming = await planUpcoming(ctx, ctx.db, { before, changes });
  if (upcoming === null) throw notFound('No invoice of the subscription lies ahead.');
  return showUpcoming(ctx, ctx.db, upcoming);
}
