import { apportion } from '../money/apportion.js';
import { takeRatio } from '../money/percentage.js';
import type { CompiledComponent } from './compiled-tax.js';
import type { TaxShare } from './tax-types.js';
import type { PreparedLine, TaxedLine } from './taxable-line.js';

/** Lines that have a tax in common. */
interface TaxGroup {
  readonly component: CompiledComponent;
  /** The component's place among its lines' taxes; of a parallel one the place does not matter. */
  readonly place: number;
  readonly members: { readonly line: PreparedLine; readonly position: number }[];
}

/**
 * Taxes lines whose prices exclude tax; writes the results into `taxed` by the lines' index. A compound tax is taken of
 * what the taxes before it came to in whole minor units, so that base times rate can be recomputed from the document.
 */
export function taxExclusiveLines(lines: readonly PreparedLine[], taxed: TaxedLine[]): void {
  const shares = new Map<PreparedLine, (TaxShare | undefined)[]>(lines.map((line) => [line, []]));
  for (const { component, members } of groupsOf(lines)) {
    const bases = members.map(({ line, position }) => {
      return component.compound ? line.amount + sumUpTo(shares.get(line), position) : line.amount;
    });
    const base = bases.reduce((sum, part) => sum + part, 0n);
    const { numerator, denominator } = component.ratio;
    const numerators = bases.map((part) => part * numerator);
    const parts = apportion(takeRatio(base, component.ratio), numerators, denominator);
    for (const [k, { line, position }] of members.entries()) {
      const { code, name, rate } = component;
      const share = { code, name, rate, base: bases[k] ?? 0n, amount: parts[k] ?? 0n };
      const known = shares.get(line);
      if (known) known[position] = share;
    }
  }
  for (const [{ index, amount }, given] of shares) {
    const taxes = given.filter((share) => share !== undefined);
    const tax = taxes.reduce((sum, share) => sum + share.amount, 0n);
    taxed[index] = { net: amount, tax, gross: amount + tax, taxes };
  }
}

/** Parallel taxes first, then the compound ones by their place, because each needs those before it. */
function groupsOf(lines: readonly PreparedLine[]): TaxGroup[] {
  const parallel = new Map<string, TaxGroup>();
  const compound = new Map<string, TaxGroup>();
  for (const line of lines) {
    for (const [position, component] of line.tax.components.entries()) {
      const member = { line, position };
      const [groups, key] = component.compound
        ? [compound, `${position} ${component.key}`]
        : [parallel, component.key];
      const group = groups.get(key);
      if (group) group.members.push(member);
      else groups.set(key, { component, place: position, members: [member] });
    }
  }
  const inOrder = [...compound.values()].sort((a, b) => a.place - b.place);
  return [...parallel.values(), ...inOrder];
}

function sumUpTo(shares: readonly (TaxShare | undefined)[] | undefined, position: number): bigint {
  return (shares ?? []).slice(0, position).reduce((sum, share) => sum + (share?.amount ?? 0n), 0n);
}
