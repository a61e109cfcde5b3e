import type { Period } from '../calendar/periods.js';
import type { Decimal } from '../money/decimal.js';
import type { Fraction } from '../proration/fraction.js';
import type { ProrationBasis } from '../proration/proration-factor.js';

/** Usage is billed by what was used and a one-time price once in full: neither is ever prorated. */
export type ItemKind = 'recurring' | 'usage' | 'one_time';
export type BillingTiming = 'in_advance' | 'in_arrears';

interface ItemValue {
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
  /** The period that the amounts are for, where it is not the subscription's: a yearly item in a monthly cycle. */
  readonly full?: Period;
}

export interface ItemInForce extends ItemValue {
  /** What lines of the present period were billed for the item, after discounts, in minor units. */
  readonly billed: bigint;
  /** How much of that was credited before. */
  readonly credited: bigint;
  /** Since when in the present period it is in force; the period's start when left out. */
  readonly since?: Date;
}

export type NewItem = ItemValue;

/** `full_price_reset` begins a new cycle at its full price and credits nothing: for packs of credits. */
export type ProrationChoice = 'lines' | 'none' | 'full_price_reset';

export interface PlanChange {
  readonly old: readonly ItemInForce[];
  readonly next: readonly NewItem[];
  readonly at: Date;
  /** The present period and the full period of the cycle that it is part of. */
  readonly period: Period;
  readonly full: Period;
  readonly timeZone: string;
  readonly basis: ProrationBasis;
  readonly proration?: ProrationChoice;
  /** The first period of the new cycle, where the change begins one: another interval, or `full_price_reset`. */
  readonly restart?: { readonly period: Period; readonly full: Period };
}

/** A line of the adjustment; the amount is positive for credits and charges alike, in minor units. */
export interface ChangeLine {
  /** The old item of a credit or an accrual, the new item of a charge. */
  readonly key: string;
  /** The item on the other side, where both are one line: more or fewer of the same. */
  readonly nettedWith: string | null;
  readonly amount: bigint;
  readonly unrounded: Decimal;
  readonly period: Period;
  readonly factor: Fraction;
}

export interface PlanChangeLines {
  /** For time that was billed and will not be used. */
  readonly credits: ChangeLine[];
  /** For what begins now. */
  readonly charges: ChangeLine[];
  /** For days of items in arrears that end now: to be billed with the renewal, or at once when nothing renews. */
  readonly accrued: ChangeLine[];
}
