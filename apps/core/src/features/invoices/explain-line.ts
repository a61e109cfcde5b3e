import type { InvoiceLine } from '@nova/prisma-tenant';

import { printPeriod } from '../../domain/calendar/print-date.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { formatMoney, formatQuantity, formatUnitAmount } from '../../domain/money/money.js';
import { explainSteps } from '../../domain/rating/explain.js';
import type { TaxShare } from '../../domain/tax/tax-types.js';
import type { LineExplanation } from '../billing/charge.js';
import { netOf } from './invoice-line-wire.js';
import { readExplanation } from './line-explanation.js';

/** More would make a document of what is a footnote. The wire has all steps. */
const STEPS_MAX = 12;

/** What an invoice's line and a credit note's have in common. */
type ExplainedLine = Pick<InvoiceLine, 'explanation' | 'amount' | 'discountAmount'>;
type TaxedLine = Pick<InvoiceLine, 'taxes' | 'amount' | 'discountAmount' | 'netAmount'>;

/** How a line came about, as its document prints it beneath the line. Nothing where quantity and price say it all. */
export function explainLine(line: ExplainedLine, print: { currency: string; timeZone: string }): string[] {
  const explanation = readExplanation(line.explanation, line.amount);
  return [
    ...stepTexts(explanation, print.currency),
    ...prorationText(explanation, print.timeZone),
    ...comparisonText(explanation, print.currency),
    ...(explanation.alreadyBilled === undefined
      ? []
      : [`Less ${formatUnitAmount(toDecimal(explanation.alreadyBilled), print.currency)} billed before`]),
    ...(line.discountAmount === 0n
      ? []
      : [`Its share of the discounts below: ${formatMoney(-line.discountAmount, print.currency)}`]),
  ];
}

/** A single step of a plain price only repeats the columns of the line. */
function stepTexts({ model, steps = [] }: LineExplanation, currency: string): string[] {
  const isPlain = (model === 'flat' || model === 'per_unit') && steps.length <= 1;
  if (isPlain || steps.length === 0) return [];
  const texts = explainSteps(steps, { currency });
  if (texts.length <= STEPS_MAX) return texts;
  return [...texts.slice(0, STEPS_MAX - 1), `and ${texts.length - STEPS_MAX + 1} more steps`];
}

function prorationText({ proration }: LineExplanation, timeZone: string): string[] {
  if (!proration) return [];
  const { numerator, denominator, basis, from, to } = proration;
  const count = (text: string) => formatQuantity(toDecimal(text));
  const full = printPeriod({ start: new Date(from), end: new Date(to) }, timeZone);
  return [`Prorated: ${count(numerator)} of ${count(denominator)} ${basis}s of ${full}`];
}

function comparisonText({ model, compared }: LineExplanation, currency: string): string[] {
  if (!compared) return [];
  const money = (text: string) => formatUnitAmount(toDecimal(text), currency);
  const name = `${model.charAt(0).toUpperCase()}${model.slice(1)}`;
  return [`${name} of the period ${money(compared.bound)}, spent ${money(compared.spent)}`];
}

/**
 * What is taken of a line, as a percentage: of several components that which they come to together. A component that
 * was taken of more than the net amount was taken of those before it as well.
 */
export function taxOfLine(line: TaxedLine): string | null {
  const shares = line.taxes as unknown as readonly (Omit<TaxShare, 'base'> & { base: number })[];
  if (shares.length === 0) return null;
  const net = netOf(line);
  let sum = new Decimal(0);
  for (const [index, { rate, base }] of shares.entries()) {
    const isCompound = index > 0 && !isNearly(BigInt(base), net);
    const taken = isCompound ? sum.dividedBy(100).plus(1) : new Decimal(1);
    sum = sum.plus(toDecimal(rate).times(taken));
  }
  return `${formatQuantity(sum.toDecimalPlaces(4))}%`;
}

/** Shares of a base are rounded to whole units. */
function isNearly(a: bigint, b: bigint): boolean {
  const difference = a - b;
  return difference <= 1n && difference >= -1n;
}
