import type { Period } from '../calendar/periods.js';
import type { Decimal } from '../money/decimal.js';

/** Usage is billed by what was used and a one-time price once in full: neither is ever prorated. */
export type ItemKind = 'recurring' | 'usage' | 'one_time';
export type BillingTiming = 'in_advance' | 'in_arrears';

export interface NewItem {
  /** The caller's name for the item, given back with its lines. */
  readonly key: string;
  readonly priceId: string;
  readonly model: string;
  readonly kind: ItemKind;
  readonly timing: BillingTiming;
  readonly quantity: Decimal;
  /** The price of the full reference period before discounts, in minor units, unrounded. */
  readonly listAmount: Decimal;
  /** The same after the discount: for an item in force the one it was billed with, for a new item the present one. */
  readonly amount: Decimal;
  /** The item's own periods, where they are not the subscription's: a yearly item in a monthly cycle. */
  readonly own?: { readonly period: Period; readonly full: Period };
}

export interface ItemInForce extends NewItem {
  /** What lines of the present period were billed for the item, after discounts, in minor units. */
  readonly billed: bigint;
  /** How much of that was credited before. */
  readonly credited: bigint;
  /** Since when in the present period it is in force; the period's start when left out. */
  readonly since?: Date;
}

/** An item that ends, one that begins, or one of the same price and model that becomes more or less. */
export interface ItemPair {
  readonly old?: ItemInForce;
  readonly next?: NewItem;
}

/**
 * What a change does to the items, without those that stay as they are. Old and new items of the same price and model
 * belong together; of several, those that are equal first. Where a new cycle begins, recurring items all end and begin
 * anew, so only one-time prices belong together. In the order of the old items, then of the new ones.
 */
export function pairItems(items: {
  old: readonly ItemInForce[];
  next: readonly NewItem[];
  cycle: 'goes_on' | 'restarts';
}): ItemPair[] {
  const unmatched = [...items.next];
  const take = (old: ItemInForce, fits: (next: NewItem) => boolean): NewItem | undefined => {
    if (items.cycle === 'restarts' && old.kind === 'recurring') return undefined;
    const index = unmatched.findIndex((next) => samePrice(old, next) && fits(next));
    return index < 0 ? undefined : unmatched.splice(index, 1)[0];
  };
  const changed = items.old.filter((old) => !take(old, (next) => unchanged(old, next)));
  const pairs = changed.map((old): ItemPair => {
    const next = take(old, () => true);
    return next ? { old, next } : { old };
  });
  return [...pairs, ...unmatched.map((next) => ({ next }))];
}

function samePrice(old: NewItem, next: NewItem): boolean {
  return (
    old.priceId === next.priceId &&
    old.model === next.model &&
    old.kind === next.kind &&
    old.timing === next.timing
  );
}

/** Discounts come and go by themselves: an item with another one is not another item. */
function unchanged(old: NewItem, next: NewItem): boolean {
  return old.quantity.equals(next.quantity) && old.listAmount.equals(next.listAmount);
}
