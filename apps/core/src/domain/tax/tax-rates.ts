import type { LineTax, TaxComponent, TaxedSupply, TaxRate } from './tax-types.js';

/** The category of whatever has no rate of its own. */
export const STANDARD_CATEGORY = 'standard';

/** How a customer is treated by the tax authority, whatever is sold. */
export type TaxTreatment = 'taxable' | 'exempt' | 'reverse_charge';

/**
 * The rate of a place and a kind of thing: the most specific one wins. A region's rate goes before its country's; in the
 * same place the thing's own category before `standard`. Among equals the first. Undefined when there is none.
 */
export function choosePresentTaxRate<Rate extends Omit<TaxRate, 'components'>>(
  rates: readonly Rate[],
  supply: TaxedSupply,
): Rate | undefined {
  let best: Rate | undefined;
  for (const rate of rates) {
    if (isFor(rate, supply) && (!best || specificity(rate) > specificity(best))) best = rate;
  }
  return best;
}

/** The components of a rate that are in force on a local date (YYYY-MM-DD); `validTo` is the first day without. */
export function componentsInForce(components: readonly TaxComponent[], date: string): TaxComponent[] {
  return components.filter(
    ({ validFrom, validTo }) =>
      (validFrom === null || validFrom <= date) && (validTo === null || date < validTo),
  );
}

/**
 * What is taken of a supply on a day. Without a rate for the place the seller is not registered there and takes
 * nothing; a customer who is exempt or owes the tax itself pays none. A rate without components in force is nothing
 * either, but with no reason: the place asks for nothing.
 *
 * @param date the local date of supply or issue whose rates count, YYYY-MM-DD
 */
export function taxOfSupply({
  rates,
  supply,
  treatment,
  date,
}: {
  rates: readonly TaxRate[];
  supply: TaxedSupply;
  treatment: TaxTreatment;
  date: string;
}): LineTax {
  const rate = choosePresentTaxRate(rates, supply);
  if (!rate) return { components: [], reason: 'not_registered' };
  const components = componentsInForce(rate.components, date);
  return { components, reason: treatment === 'taxable' ? null : treatment };
}

/**
 * The same answer for the same question, for a billing run: lines of one category, place, treatment and day share one
 * array of components, which is also what makes the arithmetic on them fast. Holds for as long as the rates do.
 */
export function rememberTaxes(
  rates: readonly TaxRate[],
): (question: { supply: TaxedSupply; treatment: TaxTreatment; date: string }) => LineTax {
  const answers = new Map<string, LineTax>();
  return ({ supply, treatment, date }) => {
    const key = `${supply.country}\n${supply.region ?? ''}\n${supply.category}\n${treatment}\n${date}`;
    const known = answers.get(key);
    if (known) return known;
    const answer = taxOfSupply({ rates, supply, treatment, date });
    answers.set(key, answer);
    return answer;
  };
}

function isFor(rate: Omit<TaxRate, 'components'>, supply: TaxedSupply): boolean {
  return (
    rate.country === supply.country &&
    (rate.region === null || rate.region === supply.region) &&
    (rate.category === supply.category || rate.category === STANDARD_CATEGORY)
  );
}

function specificity({ region, category }: Omit<TaxRate, 'components'>): number {
  return (region === null ? 0 : 2) + (category === STANDARD_CATEGORY ? 0 : 1);
}
