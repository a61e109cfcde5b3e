import { Decimal } from '../money/decimal.js';
import { CHARGE_MODELS, type ChargeModel } from './charge-terms.js';
import {
  factorUpTo,
  integerWithin,
  object,
  oneOf,
  optional,
  percent,
  positiveCount,
  positiveQuantity,
  price,
  quantity,
  type Shape,
  wholeCount,
} from './check-field.js';
import { tiersByBound, tiersOfBlocks, tiersOfCapacity } from './check-tiers.js';
import { MAX_DECIMALS, MAX_MULTIPLIER, MAX_QUANTITY } from './term-limits.js';
import { isRecord, type TermsProblem } from './terms-problem.js';

const conversion = object({
  operator: oneOf('multiply', 'divide'),
  factor: factorUpTo(MAX_QUANTITY),
  rounding: optional(oneOf('none', 'up', 'down', 'half_up')),
  precision: optional(integerWithin(-MAX_DECIMALS, MAX_DECIMALS)),
});

const flatAmount = optional(price);
const tierPrices = { tiers: tiersByBound({ unitAmount: price, flatAmount }) };
const billFlatAtZero = optional(oneOf(true, false));

const SHAPES: Readonly<Record<ChargeModel, Shape>> = {
  flat: { amount: price },
  per_unit: { unitAmount: price },
  graduated: { ...tierPrices, billFlatAtZero },
  volume: { ...tierPrices, billFlatAtZero },
  package: {
    packageSize: positiveQuantity,
    packageAmount: price,
    rounding: optional(oneOf('up', 'down')),
  },
  percentage: {
    rate: percent,
    fixedAmount: optional(price),
    minimumAmount: optional(price),
    maximumAmount: optional(price),
    freeEvents: optional(wholeCount),
    freeAmount: optional(price),
  },
  graduated_percentage: { tiers: tiersByBound({ rate: percent, flatAmount }) },
  tiered_blocks: {
    mode: oneOf('all_tiers', 'top_tier'),
    tiers: tiersOfBlocks({
      blockSize: positiveQuantity,
      maxBlocks: (value, pointer) => (value === null ? [] : positiveCount(value, pointer)),
      blockAmount: price,
    }),
  },
  dynamic: { multiplier: factorUpTo(MAX_MULTIPLIER) },
  capacity: { tiers: tiersOfCapacity({ amount: price }) },
};

/** The models that bill a number of units, of which some can be free. A percentage has free amounts and events. */
const WITH_FREE_UNITS: readonly ChargeModel[] = [
  'per_unit',
  'graduated',
  'volume',
  'package',
  'graduated_percentage',
  'tiered_blocks',
];

/**
 * What is wrong with the JSON of charge terms; empty when `readChargeTerms` can read it.
 * Numbers are decimal texts, so that no float has touched them.
 */
export function validateChargeTerms(json: unknown): TermsProblem[] {
  if (!isRecord(json)) {
    return [{ pointer: '', code: 'not_an_object', message: 'The terms of a price must be an object.' }];
  }
  const model = CHARGE_MODELS.find((name) => name === json['model']);
  if (model === undefined) return oneOf(...CHARGE_MODELS)(json['model'], '/model');
  const shape = {
    model: oneOf(model),
    freeUnits: optional(quantity),
    conversion: optional(conversion),
    ...SHAPES[model],
  };
  const problems = object(shape)(json, '');
  return problems.length > 0 ? problems : [...applicability(model, json), ...crossedBounds(json)];
}

function applicability(model: ChargeModel, json: Record<string, unknown>): TermsProblem[] {
  const problems: TermsProblem[] = [];
  const { freeUnits } = json;
  if (typeof freeUnits === 'string' && !new Decimal(freeUnits).isZero() && !WITH_FREE_UNITS.includes(model)) {
    const message = `A ${model} price does not count units, so none of them can be free.`;
    problems.push({ pointer: '/freeUnits', code: 'not_applicable', message });
  }
  if (model === 'flat' && isRecord(json['conversion'])) {
    const message = 'A flat price does not depend on what is used.';
    problems.push({ pointer: '/conversion', code: 'not_applicable', message });
  }
  return problems;
}

function crossedBounds({ minimumAmount, maximumAmount }: Record<string, unknown>): TermsProblem[] {
  if (typeof minimumAmount !== 'string' || typeof maximumAmount !== 'string') return [];
  if (new Decimal(minimumAmount).lte(maximumAmount)) return [];
  const message = 'The minimum of an event must not be more than its maximum.';
  return [{ pointer: '/minimumAmount', code: 'bounds_crossed', message }];
}
