import { Decimal } from '../money/decimal.js';
import { MAX_DECIMALS, MAX_PRICE, MAX_QUANTITY, MAX_RATE_PERCENT } from './term-limits.js';
import {
  type Check,
  isRecord,
  pointerPart,
  type TermsProblem,
  type TermsProblemCode,
} from './terms-problem.js';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

interface DecimalRule {
  readonly max: string;
  readonly tooMuch: TermsProblemCode;
  /** The least it may be: nothing, or more than nothing. */
  readonly floor: 'zero' | 'positive';
  readonly decimals: number;
}

function decimal(rule: DecimalRule): Check {
  return (value, pointer) => {
    const match = typeof value === 'string' ? DECIMAL.exec(value) : null;
    if (match === null) {
      return [{ pointer, code: 'not_a_decimal', message: 'It must be a decimal number in a string: "0.8".' }];
    }
    const [text, sign, , fraction = ''] = match;
    // The length comes first: a million digits are not worth a conversion.
    if (text.length > 40) return [{ pointer, code: 'too_large', message: `It must be at most ${rule.max}.` }];
    const number = new Decimal(text);
    if (sign === '-' && !number.isZero()) {
      return [{ pointer, code: 'negative', message: 'It must not be negative.' }];
    }
    if (fraction.replace(/0+$/, '').length > rule.decimals) return [decimalsProblem(pointer, rule.decimals)];
    if (rule.floor === 'positive' && number.isZero()) {
      return [{ pointer, code: 'not_positive', message: 'It must be more than 0.' }];
    }
    return number.gt(rule.max)
      ? [{ pointer, code: rule.tooMuch, message: `It must be at most ${rule.max}.` }]
      : [];
  };
}

function decimalsProblem(pointer: string, decimals: number): TermsProblem {
  if (decimals === 0) return { pointer, code: 'not_whole', message: 'It must be a whole number.' };
  return { pointer, code: 'too_many_decimals', message: `It must have at most ${decimals} decimals.` };
}

const quantityRule = { max: MAX_QUANTITY, tooMuch: 'too_large', decimals: MAX_DECIMALS } as const;

/** An amount or a price in minor units. */
export const price = decimal({ ...quantityRule, max: MAX_PRICE, floor: 'zero' });
export const quantity = decimal({ ...quantityRule, floor: 'zero' });
export const positiveQuantity = decimal({ ...quantityRule, floor: 'positive' });
export const wholeCount = decimal({ ...quantityRule, floor: 'zero', decimals: 0 });
export const positiveCount = decimal({ ...quantityRule, floor: 'positive', decimals: 0 });
export const percent = decimal({
  ...quantityRule,
  max: MAX_RATE_PERCENT,
  tooMuch: 'rate_over_limit',
  floor: 'zero',
});

/** A factor that nothing would be left of at 0. */
export function factorUpTo(max: string): Check {
  return decimal({ ...quantityRule, max, floor: 'positive' });
}

export function oneOf(...choices: readonly (string | boolean)[]): Check {
  return (value, pointer) =>
    choices.some((choice) => choice === value)
      ? []
      : [{ pointer, code: 'not_a_choice', message: `It must be one of: ${choices.join(', ')}.` }];
}

/** A small whole number, as a JSON number. */
export function integerWithin(min: number, max: number): Check {
  return (value, pointer) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? []
      : [{ pointer, code: 'not_whole', message: `It must be a whole number from ${min} to ${max}.` }];
}

/** A field that may be left out, or be null: then its default holds. */
export interface OptionalField {
  readonly optional: Check;
}

export function optional(check: Check): OptionalField {
  return { optional: check };
}

export type Shape = Readonly<Record<string, Check | OptionalField>>;

/** An object of exactly these fields: a misspelt one would be a price that nobody meant. */
export function object(shape: Shape): Check {
  return (value, pointer) => {
    if (!isRecord(value)) return [{ pointer, code: 'not_an_object', message: 'It must be an object.' }];
    const unknown = Object.keys(value)
      .filter((name) => !Object.hasOwn(shape, name))
      .map((name): TermsProblem => {
        const message = `There is no field "${name}" here.`;
        return { pointer: `${pointer}/${pointerPart(name)}`, code: 'unknown_field', message };
      });
    return [
      ...unknown,
      ...Object.entries(shape).flatMap(([name, field]) =>
        checkField(field, value[name], `${pointer}/${name}`),
      ),
    ];
  };
}

function checkField(field: Check | OptionalField, value: unknown, pointer: string): TermsProblem[] {
  if (typeof field !== 'function')
    return value === undefined || value === null ? [] : field.optional(value, pointer);
  return value === undefined
    ? [{ pointer, code: 'missing', message: 'It is required.' }]
    : field(value, pointer);
}
