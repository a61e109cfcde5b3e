import type { Period } from '../../domain/calendar/periods.js';
import type { Decimal, RoundingMode } from '../../domain/money/decimal.js';
import type { RatingStep } from '../../domain/rating/rated-charge.js';
import type { TaxBehavior } from '../../domain/tax/tax-types.js';

/** What an invoice line is about. `usage` is what meters counted, `adjustment` what late events changed of it. */
export const CHARGE_KINDS = [
  'manual',
  'recurring',
  'one_time',
  'usage',
  'minimum',
  'maximum',
  'commitment',
  'change',
  'adjustment',
  'wallet_top_up',
] as const;
export type ChargeKind = (typeof CHARGE_KINDS)[number];

/** The share of a period that a line pays for: `numerator` of `denominator` days or seconds. */
export type ProrationExplanation = {
  readonly numerator: string;
  readonly denominator: string;
  readonly basis: string;
  /** The reference period that the price is for. */
  readonly from: string;
  readonly to: string;
};

/**
 * How the amount of a line came about, so that it can be recomputed by hand years later. JSON: numbers are decimal
 * texts in minor units, moments ISO texts.
 */
export type LineExplanation = {
  /** The charge model; the line's kind where no price was rated, such as `minimum`. */
  readonly model: string;
  /** Before the one rounding; with `alreadyBilled`, before that was taken off. */
  readonly unrounded: string;
  readonly rounding: RoundingMode;
  /** The parts of the unrounded amount: conversion, free units, tiers. */
  readonly steps?: readonly RatingStep[];
  readonly proration?: ProrationExplanation;
  /** What earlier invoices billed of the same usage: progressive billing, or the period before late events came. */
  readonly alreadyBilled?: string;
  /** What a minimum, maximum or commitment was compared with. */
  readonly compared?: { readonly bound: string; readonly spent: string };
};

/** Something that an invoice charges for, rated: an invoice line before discounts and tax. */
export interface Charge {
  readonly kind: ChargeKind;
  readonly description: string;
  readonly priceId: string | null;
  readonly planId: string | null;
  readonly subscriptionId: string | null;
  readonly subscriptionItemId: string | null;
  readonly meterId: string | null;
  /** The values of the price's `groupBy` properties; null where usage is not told apart. */
  readonly groupValues: Readonly<Record<string, string>> | null;
  readonly quantity: Decimal;
  /** Minor units, may be finer than one. Of tiers and the like the average, to twelve decimals. */
  readonly unitAmount: Decimal;
  readonly unit: string | null;
  /** Minor units, rounded once. */
  readonly amount: bigint;
  /** The time the line pays for; null when it is for a thing done once. */
  readonly period: Period | null;
  readonly taxCategory: string;
  readonly taxBehavior: TaxBehavior;
  /** How many events a usage line has counted; null on others. */
  readonly eventCount: bigint | null;
  readonly explanation: LineExplanation;
}

/** What a charge has that is about nothing in particular: a line written by hand starts from it. */
export const PLAIN_CHARGE = {
  kind: 'manual',
  priceId: null,
  planId: null,
  subscriptionId: null,
  subscriptionItemId: null,
  meterId: null,
  groupValues: null,
  unit: null,
  period: null,
  taxCategory: 'standard',
  taxBehavior: 'exclusive',
  eventCount: null,
} as const satisfies Partial<Charge>;
