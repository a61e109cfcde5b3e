import { Decimal, toDecimal } from '../money/decimal.js';
import { ZERO } from './billable-quantity.js';
import type { ChargeModel, ChargeTerms, CommonTerms } from './charge-terms.js';
import { validateChargeTerms } from './validate-charge-terms.js';

/** The same shape with every decimal as its text. */
type Jsonified<T> = T extends Decimal
  ? string
  : T extends readonly (infer Entry)[]
    ? Jsonified<Entry>[]
    : T extends object
      ? { [K in keyof T]: Jsonified<T[K]> }
      : T;

/** Charge terms as the database holds them and the wire shows them. */
export type ChargeTermsJson = Jsonified<ChargeTerms>;

/** JSON that passed validation: what has a default may be missing or null, a tier may say where it starts. */
type Given = Readonly<Record<string, string>>;
type GivenTiers = Readonly<{ tiers: readonly Given[] }>;

/** Reads terms from their JSON. Throws `RangeError` for JSON that `validateChargeTerms` finds a problem in. */
export function readChargeTerms(json: unknown): ChargeTerms {
  const [problem] = validateChargeTerms(json);
  if (problem !== undefined)
    throw new RangeError(`Charge terms, at "${problem.pointer}": ${problem.message}`);
  const given = json as Given & { model: ChargeModel };
  return { ...READERS[given.model](given), ...readCommon(given) } as ChargeTerms;
}

/** Writes terms as JSON, every default stated, so that what is stored reads the same after a default changes. */
export function writeChargeTerms(terms: ChargeTerms): ChargeTermsJson {
  return jsonify(terms) as ChargeTermsJson;
}

function jsonify(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return value.toFixed();
  if (Array.isArray(value)) return value.map(jsonify);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, jsonify(entry)]));
}

const READERS: Record<ChargeModel, (given: Given) => object> = {
  flat: (given) => ({ model: 'flat', amount: required(given, 'amount') }),
  per_unit: (given) => ({ model: 'per_unit', unitAmount: required(given, 'unitAmount') }),
  graduated: readTiered,
  volume: readTiered,
  package: (given) => ({
    model: 'package',
    packageSize: required(given, 'packageSize'),
    packageAmount: required(given, 'packageAmount'),
    rounding: given['rounding'] ?? 'up',
  }),
  percentage: (given) => ({
    model: 'percentage',
    rate: required(given, 'rate'),
    fixedAmount: orNull(given['fixedAmount']) ?? ZERO,
    minimumAmount: orNull(given['minimumAmount']),
    maximumAmount: orNull(given['maximumAmount']),
    freeEvents: orNull(given['freeEvents']),
    freeAmount: orNull(given['freeAmount']),
  }),
  graduated_percentage: (given) => ({
    model: 'graduated_percentage',
    tiers: tiersOf(given).map((tier) => ({
      upTo: orNull(tier['upTo']),
      rate: required(tier, 'rate'),
      flatAmount: orNull(tier['flatAmount']) ?? ZERO,
    })),
  }),
  tiered_blocks: (given) => ({
    model: 'tiered_blocks',
    mode: given['mode'],
    tiers: tiersOf(given).map((tier) => ({
      blockSize: required(tier, 'blockSize'),
      maxBlocks: orNull(tier['maxBlocks']),
      blockAmount: required(tier, 'blockAmount'),
    })),
  }),
  dynamic: (given) => ({ model: 'dynamic', multiplier: required(given, 'multiplier') }),
  capacity: (given) => ({
    model: 'capacity',
    tiers: tiersOf(given).map((tier) => ({
      limits: Object.fromEntries(
        Object.entries((tier as unknown as { limits: Given }).limits).map(([unit, limit]) => [
          unit,
          toDecimal(limit),
        ]),
      ),
      amount: required(tier, 'amount'),
    })),
  }),
};

function readTiered(given: Given): object {
  return {
    model: given['model'],
    tiers: tiersOf(given).map((tier) => ({
      upTo: orNull(tier['upTo']),
      unitAmount: required(tier, 'unitAmount'),
      flatAmount: orNull(tier['flatAmount']) ?? ZERO,
    })),
    billFlatAtZero: (given as { billFlatAtZero?: unknown }).billFlatAtZero === true,
  };
}

function readCommon(given: Given): CommonTerms {
  const { conversion } = given as unknown as { conversion?: Given & { precision?: number | null } };
  return {
    freeUnits: orNull(given['freeUnits']) ?? ZERO,
    conversion:
      conversion === undefined || conversion === null
        ? null
        : ({
            operator: conversion['operator'],
            factor: required(conversion, 'factor'),
            rounding: conversion['rounding'] ?? 'none',
            precision: conversion.precision ?? 0,
          } as NonNullable<CommonTerms['conversion']>),
  };
}

function tiersOf(given: Given): readonly Given[] {
  return (given as unknown as GivenTiers).tiers;
}

function required(given: Given, name: string): Decimal {
  return toDecimal(given[name] ?? '');
}

function orNull(text: string | null | undefined): Decimal | null {
  return text === undefined || text === null ? null : toDecimal(text);
}
