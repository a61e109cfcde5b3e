import type { Plan, Price, SubscriptionItem } from '@nova/prisma-tenant';

import type { Interval } from '../../../domain/calendar/periods.js';
import type { Decimal } from '../../../domain/money/decimal.js';
import { notFound } from '../../../platform/errors/common-errors.js';
import type { TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable, BillableItem } from '../../billing/billable.js';
import { loadOffer, type Offer } from '../../plans/load-offer.js';
import { requirePlan } from '../../plans/plans.repository.js';
import type { TermsJson } from '../../plans/price-terms.js';
import { openItems } from '../acts/item-value.js';
import { billedTogether, chooseItems, namedItem, quantityOf, refuseAt, termsFor } from '../choose-items.js';
import { itemsDoNotFit } from '../subscriptions.errors.js';
import type { ChangedItem, ChangeSubscription } from './change.schemas.js';

const ITEMS_MAX = 50;
/** The pointer of an item that no part of the request is about. */
const UNTOUCHED = '/items';

/** An item as it is to be after a change. */
export interface TargetItem {
  readonly price: Price;
  readonly quantity: Decimal;
  readonly terms: TermsJson | null;
  /** The row that it has been so far; null for what is added. */
  readonly row: SubscriptionItem | null;
  readonly pointer: string;
}

/** What a subscription is to be made of. */
export interface Target {
  readonly plan: Plan;
  readonly planVersion: number;
  readonly items: readonly TargetItem[];
  readonly interval: Interval;
  readonly intervalCount: number;
}

/**
 * What a subscription would be made of after a change, of the items that it has by then. Everything stays in its
 * currency.
 * @throws notFound, notOffered, itemsDoNotFit, with a pointer to the part of the request
 */
export async function resolveTarget(
  db: TenantReader,
  billable: Billable,
  change: ChangeSubscription,
): Promise<Target> {
  const { subscription } = billable;
  const plan = await requirePlan(db, change.planId ?? subscription.planId).catch((error: unknown) => {
    throw change.planId === undefined ? error : refuseAt(notFound, '/planId', 'is no plan');
  });
  const stays = change.planId === undefined && change.version === undefined;
  const planVersion = stays ? subscription.planVersion : (change.version ?? plan.currentVersion);
  if (planVersion > plan.currentVersion) throw refuseAt(notFound, '/version', `is no version of ${plan.id}`);
  const changes = change.items ?? [];
  const named = changes.flatMap(({ priceId }) => priceId ?? []);
  const offer = await loadOffer(db, plan, { planVersion, named });
  const isSamePlan = plan.id === subscription.planId && planVersion === subscription.planVersion;
  const items = isSamePlan
    ? changes.reduce(
        (present, one, index) => changeItem(offer, present, { change: one, index }),
        openItems(billable).map(asTarget),
      )
    : itemsOfNewPlan(offer, billable, changes);
  if (items.length > ITEMS_MAX) throw refuseAt(itemsDoNotFit, '/items', `are more than ${ITEMS_MAX}`);
  if (!items.some(({ price }) => price.planId === plan.id && price.type !== 'one_time')) {
    throw refuseAt(itemsDoNotFit, '/items', `needs a recurring or usage price of plan ${plan.id} itself`);
  }
  const { interval, intervalCount } = billedTogether(items, null);
  const stray = items.find(({ price }) => price.currency !== subscription.currency);
  if (stray) throw refuseAt(itemsDoNotFit, stray.pointer, `is not in ${subscription.currency}`);
  return { plan, planVersion, items, interval, intervalCount };
}

function asTarget(item: BillableItem): TargetItem {
  const { row, price, quantity } = item;
  return { price, quantity, terms: row.termsOverride as TermsJson | null, row, pointer: UNTOUCHED };
}

/** One change of the items, at its place in the request. */
function changeItem(
  offer: Offer,
  items: readonly TargetItem[],
  { change, index }: { change: ChangedItem; index: number },
): TargetItem[] {
  const at = `/items/${index}`;
  const known = items.find(({ row, price }) => (row && row.id === change.id) || isOf(price, change));
  if (!known) return [...items, added(offer, change, at)];
  if (known.pointer !== UNTOUCHED) throw refuseAt(itemsDoNotFit, at, 'is named twice');
  if (change.remove) return items.filter((item) => item !== known);
  return items.map((item) => (item === known ? altered(item, change, at) : item));
}

function isOf(price: Price, { priceId }: ChangedItem): boolean {
  return priceId !== undefined && (price.id === priceId || price.externalId === priceId);
}

function altered(item: TargetItem, { quantity, terms }: ChangedItem, at: string): TargetItem {
  return {
    ...item,
    pointer: at,
    quantity: quantity === undefined ? item.quantity : quantityOf(item.price, quantity, at),
    terms: terms === undefined ? item.terms : terms === null ? null : termsFor(item.price, terms, at),
  };
}

function added(offer: Offer, { id, priceId, quantity, terms, remove }: ChangedItem, at: string): TargetItem {
  if (priceId === undefined) {
    throw refuseAt(notFound, `${at}/id`, `is no item that the subscription keeps: ${id ?? ''}`);
  }
  if (remove) throw refuseAt(notFound, `${at}/priceId`, 'is no price that the subscription has');
  const item = { priceId, quantity: quantity ?? '1', ...(terms ? { terms } : {}) };
  return { ...namedItem(offer, item, at), row: null };
}

/** The prices of the plan that is moved to, named or all that come with it, and the add-ons that the subscription has. */
function itemsOfNewPlan(offer: Offer, billable: Billable, changes: readonly ChangedItem[]): TargetItem[] {
  const { currency, planId } = billable.subscription;
  const open = openItems(billable);
  const addOns = open.filter(({ price }) => price.planId !== planId).map(asTarget);
  // Refuses a plan that is not offered, whatever of it is named.
  const whole = chooseItems({ offer, items: undefined, currency, customerCurrency: null });
  const namesPlan = changes.some((change) => offer.prices.some((price) => isOf(price, change)));
  // With another version of the plan that it has, nobody is set up a second time.
  const comesAlong = whole.items
    .filter(({ price }) => price.type !== 'one_time' || offer.plan.id !== planId)
    .map((item): TargetItem => ({ ...item, row: null, pointer: UNTOUCHED }));
  const start = namesPlan ? [] : keepSeats(comesAlong, open, planId);
  return changes.reduce(
    (items, change, index) => changeItem(offer, items, { change, index }),
    [...start, ...addOns],
  );
}

/** Where one fee by number meets one of the new plan, the number of seats stays (Meteroid's rule). */
function keepSeats(
  chosen: readonly TargetItem[],
  open: readonly BillableItem[],
  planId: string,
): TargetItem[] {
  const bySeat = ({ price }: { price: Price }) => price.type === 'recurring' && price.model !== 'flat';
  const [before, ...othersBefore] = open.filter((item) => item.price.planId === planId && bySeat(item));
  const [after, ...othersAfter] = chosen.filter(bySeat);
  if (!before || !after || othersBefore.length > 0 || othersAfter.length > 0) return [...chosen];
  return chosen.map((item) => (item === after ? { ...item, quantity: before.quantity } : item));
}
