/** A quantity of usage, a bound of a tier or the size of a package is at most this; NUMERIC(38,12) holds 10^26. */
export const MAX_QUANTITY = '1000000000000000';

/** A price, a fee or a bound of an amount in minor units is at most this, for one unit as for a thing as a whole. */
export const MAX_PRICE = '1000000000000000';

/** Quantities, prices, rates and factors have at most this many decimals: what the columns hold. */
export const MAX_DECIMALS = 12;

/** Nobody reads a price of more tiers, and a request must not be able to make rating slow. */
export const MAX_TIERS = 100;

/** How many kinds of unit one tier of a capacity price may limit. */
export const MAX_CAPACITY_UNITS = 20;

/** A percentage of what was paid is at most the whole of it. */
export const MAX_RATE_PERCENT = '100';

/** The most that event prices may be marked up. */
export const MAX_MULTIPLIER = '1000';

/** Whole minor units of one line at most: what a JSON integer carries without losing a unit. */
export const MAX_LINE_AMOUNT = 9_007_199_254_740_991n;
