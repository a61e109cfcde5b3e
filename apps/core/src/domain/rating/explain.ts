import { type Decimal, toDecimal } from '../money/decimal.js';
import { formatQuantity, formatUnitAmount, type MoneyLocale } from '../money/money.js';
import { EXPLAIN_WORDS, type ExplainWords } from './explain-words.js';
import type { PricedStep, RatingStep } from './rated-charge.js';

/** Readers follow a sum on paper to this many decimals; thirds go on for ever. */
const SHOWN_DECIMALS = 8;

export interface ExplainOptions {
  readonly currency: string;
  readonly locale?: MoneyLocale;
}

/**
 * Tells how a charge came about, one line for each step, so that its reader can recompute it:
 * `Tier 2 (above 10,000 to 100,000): 40,000 × ₦0.008 = ₦320.00`.
 */
export function explainSteps(steps: readonly RatingStep[], options: ExplainOptions): string[] {
  const { currency, locale = 'en' } = options;
  const printer: Printer = {
    words: EXPLAIN_WORDS[locale],
    number: (text) => formatQuantity(shown(text), locale),
    money: (text) => formatUnitAmount(shown(text), currency, locale),
  };
  return steps.map((step) => explainStep(step, printer));
}

interface Printer {
  readonly words: ExplainWords;
  readonly number: (text: string) => string;
  readonly money: (text: string) => string;
}

function shown(text: string): Decimal {
  return toDecimal(text).toDecimalPlaces(SHOWN_DECIMALS);
}

function explainStep(step: RatingStep, { words, number, money }: Printer): string {
  switch (step.kind) {
    case 'conversion':
      return words.conversion(number(step.measured), number(step.converted));
    case 'free':
      return words.free(step.of === 'amount' ? money(step.quantity) : number(step.quantity));
    case 'flat':
      return `${words.flat}: ${money(step.amount)}`;
    case 'capacity':
      return `${words.capacity(step.tier ?? 1)}: ${money(step.amount)}`;
    case 'event_bounds':
      return `${words.eventBounds(number(step.quantity))}: ${money(step.amount)}`;
    default:
      return `${place(step, { words, number, money })}${sum(step, { words, number, money })}`;
  }
}

/** Which tier a step is of: "Tier 2 (above 10 to 20): ", nothing where there are no tiers. */
function place(step: PricedStep, { words, number, money }: Printer): string {
  if (step.tier === null) return '';
  const bound = step.rate === null ? number : money;
  const from = bound(step.from ?? '0');
  const range = step.upTo === null ? words.above(from) : words.range(from, bound(step.upTo));
  return `${words.tier(step.tier)} (${range}): `;
}

/** The sum of a step: quantity × price, or a rate of an amount, plus a flat amount where there is one. */
function sum(step: PricedStep, printer: Printer): string {
  const { words, money } = printer;
  const flat = toDecimal(step.flatAmount).isZero() ? '' : ` + ${money(step.flatAmount)} ${words.flatPart}`;
  return `${product(step, printer)}${flat} = ${money(step.amount)}`;
}

function product(step: PricedStep, { words, number, money }: Printer): string {
  if (step.rate !== null) return words.share(number(step.rate), money(step.quantity));
  const unitAmount = step.unitAmount ?? '0';
  switch (step.kind) {
    case 'packages':
      return `${words.packages(number(step.quantity))} × ${money(unitAmount)}`;
    case 'blocks':
      return `${words.blocks(number(step.quantity))} × ${money(unitAmount)}`;
    case 'fixed_fees':
      return `${words.fees(number(step.quantity))} × ${money(unitAmount)}`;
    case 'dynamic':
      return `${money(step.quantity)} × ${number(unitAmount)}`;
    default:
      return `${number(step.quantity)} × ${money(unitAmount)}`;
  }
}
