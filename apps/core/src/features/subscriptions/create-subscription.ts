import {
  Prisma,
  type Customer,
  type Plan,
  type Subscription,
  type SubscriptionItem,
} from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { Billable } from '../billing/billable.js';
import { billablesOf } from '../billing/load-billables.js';
import { attachDiscount } from '../coupons/attach-discount.js';
import { holdCustomer } from '../customers/customers.repository.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { loadOffer } from '../plans/load-offer.js';
import { holdPlan } from '../plans/plans.repository.js';
import { termsOfVersions } from '../plans/versions.repository.js';
import { applyAct } from './acts/apply-act.js';
import { planCreation } from './acts/plan-creation.js';
import { chooseItems, type ChosenItem } from './choose-items.js';
import { newSubscription } from './new-subscription.js';
import type { ShownSubscription } from './subscription-wire.js';
import { readSubscription } from './subscriptions.repository.js';
import type { CreateSubscription } from './subscriptions.schemas.js';
import { recordChange } from '../events/record-change.js';
import { subscriptionInEvent } from './subscription-event.js';

/**
 * Subscribes a customer to a plan. One that starts now, or that has started in the past, is billed for what has fallen
 * due in the same transaction; one that starts later, or with a trial, waits for the billing run.
 * @throws notFound, notOffered, itemsDoNotFit, externalIdTaken, invalidRequest, couponNotRedeemable,
 * couponAlreadyApplied, amountTooLarge
 */
export async function createSubscription(
  ctx: TenantContext,
  input: CreateSubscription,
): Promise<ShownSubscription> {
  const id = newId('sub');
  await takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const customer = await holdCustomer(tx.db, input.customerId);
      await lockAccounts(tx.db, [customer.id]);
      const plan = await holdPlan(tx.db, input.planId);
      const before = await planSubscription(ctx, tx.db, { id, input, customer, plan });
      await insertSubscription(tx, before);
      await redeemCoupon(ctx, tx, before.subscription, input);
      if (before.subscription.startedAt > ctx.clock.now()) await announceScheduled(ctx, tx, before);
      else {
        const { backdateBilling } = input;
        await applyAct(ctx, tx, await planCreation(ctx, tx.db, { before, backdateBilling }));
      }
    }),
  );
  return readSubscription(ctx.db, id);
}

/**
 * The subscription as it would be before its start, with its items, without writing anything.
 * @throws notFound, notOffered, itemsDoNotFit, invalidRequest
 */
export async function planSubscription(
  ctx: TenantContext,
  db: TenantReader,
  made: { id: string; input: CreateSubscription; customer: Customer; plan: Plan },
): Promise<Billable> {
  const { id, input, customer, plan } = made;
  const planVersion = plan.currentVersion;
  const named = (input.items ?? []).map(({ priceId }) => priceId);
  const key = { planId: plan.id, number: planVersion };
  const termsOf = await termsOfVersions(db, [key]);
  const chosen = chooseItems({
    offer: await loadOffer(db, plan, { planVersion, named }),
    items: input.items,
    currency: input.currency ?? null,
    customerCurrency: customer.currency,
  });
  const subscription = newSubscription(ctx, {
    id,
    input,
    customerId: customer.id,
    planId: plan.id,
    planVersion,
    chosen,
    terms: termsOf(key),
    timeZone: input.timeZone ?? customer.timeZone ?? ctx.tenant.timeZone,
  });
  const rows = chosen.items.map((item, index) => itemRow(id, item, index + 1));
  const [billable] = await billablesOf(db, [subscription], rows);
  if (!billable) throw new Error('A new subscription got lost.');
  return billable;
}

function itemRow(
  subscriptionId: string,
  { price, quantity, terms }: ChosenItem,
  position: number,
): SubscriptionItem {
  return {
    id: newId('si'),
    subscriptionId,
    priceId: price.id,
    quantity: new Prisma.Decimal(quantity.toFixed()),
    position,
    termsOverride: terms as SubscriptionItem['termsOverride'],
    startedAt: null,
    endedAt: null,
  };
}

/** Writes the row of a subscription that is new, and its items. */
export async function insertSubscription(
  tx: TenantTransaction,
  { subscription, items }: Billable,
): Promise<void> {
  const { metadata, ...row } = subscription;
  await tx.db.subscription.create({ data: { ...row, metadata: metadata as Prisma.InputJsonObject } });
  await tx.db.subscriptionItem.createMany({
    data: items.map(({ row: { termsOverride, ...item } }) => ({
      ...item,
      termsOverride: termsOverride === null ? Prisma.DbNull : (termsOverride as Prisma.InputJsonValue),
    })),
  });
}

/** Before anything is billed, so that the first invoice has it. */
async function redeemCoupon(
  ctx: TenantContext,
  tx: TenantTransaction,
  { id, currency, customerId }: Subscription,
  { couponId, couponCode }: CreateSubscription,
): Promise<void> {
  if (couponId === undefined && couponCode === undefined) return;
  await attachDiscount(ctx, tx, { customerId, subscription: { id, currency }, couponId, couponCode });
}

/** Tells of a subscription that starts later. */
export async function announceScheduled(
  ctx: TenantContext,
  tx: TenantTransaction,
  { subscription, items }: Billable,
): Promise<void> {
  const { startedAt, status } = subscription;
  tx.due('billing', subscription.nextBillingAt);
  const shown = subscriptionInEvent(
    subscription,
    items.map(({ row }) => row),
  );
  const facts = { at: startedAt.toISOString(), status, invoiceIds: [], creditNoteIds: [] };
  await recordChange(tx, ctx, 'subscription.created', shown, { facts });
}
