import { apportion } from '../money/apportion.js';
import { takeRatio } from '../money/percentage.js';
import type { CompiledComponent } from './compiled-tax.js';
import type { TaxShare } from './tax-types.js';
import type { PreparedLine, TaxedLine } from './taxable-line.js';

/** A line with what is known of its taxes so far, by their place; full once all groups are through. */
interface OpenLine {
  readonly line: PreparedLine;
  readonly shares: TaxShare[];
}

/** Lines that have a tax in common. */
interface TaxGroup {
  readonly component: CompiledComponent;
  /** The component's place among the taxes of each member. */
  readonly places: number[];
  readonly members: OpenLine[];
}

/**
 * Taxes lines whose prices exclude tax; writes the results into `taxed` by the lines' index. A compound tax is taken of
 * what the taxes before it came to in whole minor units, so that base times rate can be recomputed from the document.
 */
export function taxExclusiveLines(lines: readonly PreparedLine[], taxed: TaxedLine[]): void {
  const open = lines.map((line): OpenLine => ({ line, shares: [] }));
  for (const group of groupsOf(open)) taxGroup(group);
  for (const { line, shares } of open) {
    const tax = sumOf(shares, shares.length);
    taxed[line.index] = { net: line.amount, tax, gross: line.amount + tax, taxes: shares };
  }
}

function taxGroup({ component, places, members }: TaxGroup): void {
  const { code, name, rate, ratio } = component;
  const bases: bigint[] = [];
  const numerators: bigint[] = [];
  let base = 0n;
  for (const [k, { line, shares }] of members.entries()) {
    const own = component.compound ? line.amount + sumOf(shares, places[k] ?? 0) : line.amount;
    base += own;
    bases.push(own);
    numerators.push(own * ratio.numerator);
  }
  const parts = apportion(takeRatio(base, ratio), numerators, ratio.denominator);
  for (const [k, { shares }] of members.entries()) {
    shares[places[k] ?? 0] = { code, name, rate, base: bases[k] ?? 0n, amount: parts[k] ?? 0n };
  }
}

/** Parallel taxes first, then the compound ones by their place, because each needs those before it. */
function groupsOf(lines: readonly OpenLine[]): TaxGroup[] {
  const parallel = new Map<string, TaxGroup>();
  const compound = new Map<string, TaxGroup>();
  for (const member of lines) {
    for (const [place, component] of member.line.tax.components.entries()) {
      const groups = component.compound ? compound : parallel;
      const key = component.compound ? `${place} ${component.key}` : component.key;
      const group = groups.get(key);
      if (group) {
        group.places.push(place);
        group.members.push(member);
      } else {
        groups.set(key, { component, places: [place], members: [member] });
      }
    }
  }
  // Compound groups are made of one place each.
  const inOrder = [...compound.values()].sort((a, b) => (a.places[0] ?? 0) - (b.places[0] ?? 0));
  return [...parallel.values(), ...inOrder];
}

/** The first `count` shares together: all of them are known when a compound tax asks. */
function sumOf(shares: readonly TaxShare[], count: number): bigint {
  let sum = 0n;
  for (let place = 0; place < count; place += 1) sum += shares[place]?.amount ?? 0n;
  return sum;
}
