import { toDecimal } from '@nova/core/domain/money/decimal.js';
import { compileTerms } from '@nova/core/domain/rating/compile-terms.js';
import { rateCharge } from '@nova/core/domain/rating/rate-charge.js';
import type { RatedCharge, RatedUsage } from '@nova/core/domain/rating/rated-charge.js';
import { readChargeTerms } from '@nova/core/domain/rating/read-charge-terms.js';

import { median, report } from './report.js';

/** Rating alone, on one core: a graduated price of five tiers, with the steps that its line is explained by. */
const TERMS = readChargeTerms({
  model: 'graduated',
  tiers: [
    { upTo: '10000', unitAmount: '1' },
    { upTo: '100000', unitAmount: '0.8' },
    { upTo: '500000', unitAmount: '0.5' },
    { upTo: '1000000', unitAmount: '0.25', flatAmount: '1000' },
    { upTo: null, unitAmount: '0.125' },
  ],
});
const ROUNDS = 7;
const CHARGES_PER_ROUND = 200_000;
const PLAIN_SHARE = 20;
const USAGES = 4_096;

/** Quantities from a fixed sequence over all five tiers, made before the clock starts. */
function usages(decimals: number): RatedUsage[] {
  let state = 12_345;
  return Array.from({ length: USAGES }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const whole = state % 2_000_000;
    const fraction = decimals === 0 ? '' : `.${String(state).padStart(decimals, '7').slice(0, decimals)}`;
    return { quantity: toDecimal(`${whole}${fraction}`) };
  });
}

function perSecond(
  rate: (usage: RatedUsage) => RatedCharge,
  given: readonly RatedUsage[],
  count: number,
): number {
  const rates: number[] = [];
  let total = 0n;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let index = 0; index < count; index += 1) {
      const usage = given[index % given.length];
      if (usage !== undefined) total += rate(usage).amount;
    }
    rates.push((count / (performance.now() - start)) * 1_000);
  }
  // Without a use of the results the compiler could leave the work out.
  if (total <= 0n) throw new Error('The usages cost nothing.');
  return median(rates);
}

const whole = usages(0);
const fractions = usages(6);
const compiled = compileTerms(TERMS);
const fast = perSecond(compiled, whole, CHARGES_PER_ROUND);
const fastFractions = perSecond(compiled, fractions, CHARGES_PER_ROUND);
const plain = perSecond((usage) => rateCharge(TERMS, usage), whole, CHARGES_PER_ROUND / PLAIN_SHARE);

const number = (value: number) => Math.round(value).toLocaleString('en');
await report(
  'rating',
  `One core, charges with their steps. The baseline rates the same usages by plain decimal arithmetic. Median of ${ROUNDS} rounds.`,
  [
    {
      what: 'graduated price of 5 tiers, whole units, a second',
      value: number(fast),
      baseline: number(plain),
      ratio: (fast / plain).toFixed(1),
      aim: '≥ 500,000',
    },
    {
      what: 'the same, units with 6 decimals, a second',
      value: number(fastFractions),
      baseline: '–',
      ratio: '–',
      aim: '–',
    },
  ],
);
