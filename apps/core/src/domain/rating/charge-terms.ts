import type { Decimal } from '../money/decimal.js';

export const CHARGE_MODELS = [
  'flat',
  'per_unit',
  'graduated',
  'volume',
  'package',
  'percentage',
  'graduated_percentage',
  'tiered_blocks',
  'dynamic',
  'capacity',
] as const;
export type ChargeModel = (typeof CHARGE_MODELS)[number];

/**
 * A range of units with its price. It starts after the bound of the tier before it (0 for the first) and includes its
 * own: 10 units stay in the tier "up to 10". The last tier is open: its bound is null.
 */
export interface Tier {
  readonly upTo: Decimal | null;
  /** Minor units for one unit, may be finer than one. */
  readonly unitAmount: Decimal;
  /** Minor units, charged once when the tier is entered (graduated) or chosen (volume). */
  readonly flatAmount: Decimal;
}

/** A range of an amount of money, of which a share is charged. */
export interface RateTier {
  readonly upTo: Decimal | null;
  /** Percent. */
  readonly rate: Decimal;
  /** Minor units, charged once when the tier is entered. */
  readonly flatAmount: Decimal;
}

/** So many blocks of a size: `maxBlocks` of them at most, and the last tier takes all the rest. */
export interface BlockTier {
  readonly blockSize: Decimal;
  readonly maxBlocks: Decimal | null;
  /** Minor units for one block, however full it is. */
  readonly blockAmount: Decimal;
}

/** The price of a capacity that fits every peak. A kind of unit that has no limit here may peak as it likes. */
export interface CapacityTier {
  readonly limits: Readonly<Record<string, Decimal>>;
  readonly amount: Decimal;
}

/** How what was measured becomes what is billed: bytes into gigabytes, seconds into started hours. */
export interface UnitConversion {
  readonly operator: 'multiply' | 'divide';
  readonly factor: Decimal;
  readonly rounding: 'none' | 'up' | 'down' | 'half_up';
  /** Decimals kept by the rounding; negative for tens, hundreds and so on. */
  readonly precision: number;
}

/** What terms of every model have. The order is fixed: convert, round, take off the free units, price. */
export interface CommonTerms {
  readonly freeUnits: Decimal;
  readonly conversion: UnitConversion | null;
}

/** One amount, however much is used. */
export interface FlatTerms extends CommonTerms {
  readonly model: 'flat';
  readonly amount: Decimal;
}

export interface PerUnitTerms extends CommonTerms {
  readonly model: 'per_unit';
  readonly unitAmount: Decimal;
}

/** Graduated: each unit at the price of the tier it falls in. Volume: all units at the price of the tier reached. */
export interface TieredTerms extends CommonTerms {
  readonly model: 'graduated' | 'volume';
  readonly tiers: readonly Tier[];
  /** Whether the flat amount of the first tier is due when nothing was used. */
  readonly billFlatAtZero: boolean;
}

export interface PackageTerms extends CommonTerms {
  readonly model: 'package';
  readonly packageSize: Decimal;
  readonly packageAmount: Decimal;
  /** Up: a package begun is paid. Down: only full packages are. */
  readonly rounding: 'up' | 'down';
}

/**
 * A share of each event's amount, plus a fee for each, between bounds for each. The quantity is money in minor units.
 * Free are the first `freeEvents` as long as they stay within `freeAmount`: the quota that ends first ends both.
 */
export interface PercentageTerms extends CommonTerms {
  readonly model: 'percentage';
  /** Percent. */
  readonly rate: Decimal;
  readonly fixedAmount: Decimal;
  readonly minimumAmount: Decimal | null;
  readonly maximumAmount: Decimal | null;
  readonly freeEvents: Decimal | null;
  readonly freeAmount: Decimal | null;
}

/** Like graduated, of money in minor units: each part of it at the rate of its tier. */
export interface GraduatedPercentageTerms extends CommonTerms {
  readonly model: 'graduated_percentage';
  readonly tiers: readonly RateTier[];
}

/** All tiers: each block at the price of its tier. Top tier: all units in blocks of the tier reached. */
export interface TieredBlocksTerms extends CommonTerms {
  readonly model: 'tiered_blocks';
  readonly mode: 'all_tiers' | 'top_tier';
  readonly tiers: readonly BlockTier[];
}

/** Every event carries its own price in minor units; the sum of them is multiplied. */
export interface DynamicTerms extends CommonTerms {
  readonly model: 'dynamic';
  readonly multiplier: Decimal;
}

/** The amount of the lowest tier that all peaks of the period fit in. */
export interface CapacityTerms extends CommonTerms {
  readonly model: 'capacity';
  readonly tiers: readonly CapacityTier[];
}

/** What a price charges. Amounts are minor units of the price's currency and may be finer than one. */
export type ChargeTerms =
  | FlatTerms
  | PerUnitTerms
  | TieredTerms
  | PackageTerms
  | PercentageTerms
  | GraduatedPercentageTerms
  | TieredBlocksTerms
  | DynamicTerms
  | CapacityTerms;
