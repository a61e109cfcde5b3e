import { percentRatio, type Ratio } from '../money/percentage.js';
import type { TaxComponent } from './tax-types.js';

/** A component, ready for bigint arithmetic. */
export interface CompiledComponent {
  readonly code: string;
  readonly name: string;
  readonly rate: string;
  readonly compound: boolean;
  readonly ratio: Ratio;
  /** Components with the same key are one tax on the invoice and rounded together. */
  readonly key: string;
}

/** What is taken of a line, ready for bigint arithmetic. */
export interface CompiledTax {
  readonly components: readonly CompiledComponent[];
  /** Tells lines with the same components from others. */
  readonly key: string;
  /** What each component comes to per `one` of net amount, compounding resolved. */
  readonly effective: readonly bigint[];
  readonly effectiveSum: bigint;
  readonly one: bigint;
}

const compiled = new WeakMap<readonly TaxComponent[], CompiledTax>();

/** Prepares components, once for each array: a billing run has the same few for all of its lines. */
export function compileTax(components: readonly TaxComponent[]): CompiledTax {
  const known = compiled.get(components);
  if (known) return known;
  const ready = components.map(compileComponent);
  // A component's share has no other denominators than its own and those before it, so this one divides evenly.
  const one = ready.reduce((product, { ratio }) => product * ratio.denominator, 1n);
  const effective: bigint[] = [];
  let effectiveSum = 0n;
  for (const { ratio, compound } of ready) {
    const base = compound ? one + effectiveSum : one;
    const share = (base / ratio.denominator) * ratio.numerator;
    effective.push(share);
    effectiveSum += share;
  }
  const tax = {
    components: ready,
    key: ready.map(({ key }) => key).join('\n'),
    effective,
    effectiveSum,
    one,
  };
  compiled.set(components, tax);
  return tax;
}

function compileComponent({ code, name, rate, compound }: TaxComponent): CompiledComponent {
  if (rate.isNegative() && !rate.isZero()) throw new RangeError(`The tax ${code} has a rate below zero.`);
  const text = rate.toFixed();
  return {
    code,
    name,
    rate: text,
    compound,
    ratio: percentRatio(rate),
    key: JSON.stringify([code, name, text, compound]),
  };
}
