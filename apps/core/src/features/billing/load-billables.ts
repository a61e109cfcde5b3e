import type { Meter, Subscription, SubscriptionItem } from '@nova/prisma-tenant';

import { toDecimal } from '../../domain/money/decimal.js';
import type { ChargeTerms } from '../../domain/rating/charge-terms.js';
import { type CompiledTerms, compileTerms } from '../../domain/rating/compile-terms.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { termsOf } from '../plans/price-terms.js';
import type { Billable, BillableItem, PlannedPrice } from './billable.js';

type MeteredPrice = PlannedPrice & { readonly meter: Meter | null };

/** A price, ready to rate many items by. */
interface ReadyPrice {
  readonly price: MeteredPrice;
  readonly terms: ChargeTerms;
  readonly rate: CompiledTerms;
}

/** Reads what subscriptions are billed by, in the order given: three statements however many there are. */
export async function loadBillables(
  db: TenantReader,
  subscriptions: readonly Subscription[],
): Promise<Billable[]> {
  const rows = await db.subscriptionItem.findMany({
    where: { subscriptionId: { in: subscriptions.map(({ id }) => id) } },
    orderBy: [{ subscriptionId: 'asc' }, { position: 'asc' }],
  });
  return billablesOf(db, subscriptions, rows);
}

/** The same of rows at hand, which may not be written yet: with their prices, ready to be rated. */
export async function billablesOf(
  db: TenantReader,
  subscriptions: readonly Subscription[],
  rows: readonly SubscriptionItem[],
): Promise<Billable[]> {
  const priceOf = await loadPrices(
    db,
    rows.map(({ priceId }) => priceId),
  );
  const bySubscription = new Map<string, BillableItem[]>(subscriptions.map(({ id }) => [id, []]));
  for (const row of rows)
    bySubscription.get(row.subscriptionId)?.push(billableItem(row, priceOf(row.priceId)));
  return subscriptions.map((subscription) => ({
    subscription,
    items: bySubscription.get(subscription.id) ?? [],
  }));
}

function billableItem(row: SubscriptionItem, { price, terms, rate }: ReadyPrice): BillableItem {
  const own = row.termsOverride === null ? null : termsOf(price, row.termsOverride);
  return {
    row,
    quantity: toDecimal(row.quantity),
    price,
    meter: price.meter,
    terms: own ?? terms,
    rate: own ? compileTerms(own) : rate,
  };
}

/** Subscriptions are many and prices few: each is read and prepared once. */
async function loadPrices(db: TenantReader, ids: readonly string[]): Promise<(id: string) => ReadyPrice> {
  const prices = await db.price.findMany({
    where: { id: { in: [...new Set(ids)] } },
    include: { plan: true, meter: true },
  });
  const ready = new Map(
    prices.map((price): [string, ReadyPrice] => {
      const terms = termsOf(price);
      return [price.id, { price, terms, rate: compileTerms(terms) }];
    }),
  );
  return (id) => {
    const price = ready.get(id);
    if (!price) throw new Error(`There is no price ${id} to bill by.`);
    return price;
  };
}
