import { formatMoney } from '../../../domain/money/money.js';

/** An amount of minor units as a page prints it: never broken between its symbol and its digits. */
export function moneyText(amount: bigint, currency: string): string {
  return formatMoney(amount, currency).replaceAll(' ', '\u00a0');
}
