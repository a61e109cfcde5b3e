import { currencyOf } from './currencies.js';
import type { Decimal } from './decimal.js';

/** How numbers are written: English `1,234.50`, French `1 234,50` with the symbol behind. */
export type MoneyLocale = 'en' | 'fr';

const STYLES: Record<MoneyLocale, { group: string; point: string; symbol: 'before' | 'after' }> = {
  en: { group: ',', point: '.', symbol: 'before' },
  fr: { group: '\u202f', point: ',', symbol: 'after' },
};

/** A bigint amount as the JSON integer of the wire. Beyond the safe integers it throws and never loses a unit. */
export function toWireAmount(amount: bigint): number {
  const wire = Number(amount);
  if (!Number.isSafeInteger(wire))
    throw new RangeError(`The amount ${amount} is too large for a JSON integer.`);
  return wire;
}

/** The JSON integer of the wire as a bigint amount. */
export function fromWireAmount(wire: number): bigint {
  if (!Number.isSafeInteger(wire)) throw new RangeError(`${wire} is not a whole number of minor units.`);
  return BigInt(wire);
}

/**
 * Prints an amount of minor units for people: `₦1,234.50`, `KSh 1,234.50`, `USh 5,000`.
 * The same on every machine: symbols, places and separators are our own table's.
 */
export function formatMoney(amount: bigint, currency: string, locale: MoneyLocale = 'en'): string {
  const { exponent, symbol } = currencyOf(currency);
  const digits = absolute(amount)
    .toString()
    .padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return assemble({ negative: amount < 0n, whole, fraction: digits.slice(whole.length), symbol, locale });
}

/**
 * Prints a unit price, which may be finer than a minor unit: `₦0.008`. At least as many decimals as the currency
 * has, and no more than the price needs.
 */
export function formatUnitAmount(unitAmount: Decimal, currency: string, locale: MoneyLocale = 'en'): string {
  const { exponent, symbol } = currencyOf(currency);
  const [digits = '0', finer = ''] = unitAmount.abs().toFixed().split('.');
  const padded = digits.padStart(exponent + 1, '0');
  const whole = padded.slice(0, padded.length - exponent);
  const fraction = padded.slice(whole.length) + finer;
  return assemble({
    negative: unitAmount.isNegative() && !unitAmount.isZero(),
    whole,
    fraction,
    symbol,
    locale,
  });
}

/** Prints a quantity with its thousands grouped, and no more decimals than it has: `1,250.5`. */
export function formatQuantity(quantity: Decimal, locale: MoneyLocale = 'en'): string {
  const [whole = '0', fraction = ''] = quantity.abs().toFixed().split('.');
  const sign = quantity.isNegative() && !quantity.isZero() ? '-' : '';
  return `${sign}${groupDigits(whole, fraction, locale)}`;
}

interface Parts {
  negative: boolean;
  whole: string;
  fraction: string;
  symbol: string;
  locale: MoneyLocale;
}

function assemble({ negative, whole, fraction, symbol, locale }: Parts): string {
  const number = groupDigits(whole, fraction, locale);
  const sign = negative ? '-' : '';
  if (STYLES[locale].symbol === 'after') return `${sign}${number}\u00a0${symbol}`;
  // A symbol that ends in a letter would run into the digits: KSh 10, but GH₵10.
  const gap = /[A-Za-z]$/.test(symbol) ? ' ' : '';
  return `${sign}${symbol}${gap}${number}`;
}

function groupDigits(whole: string, fraction: string, locale: MoneyLocale): string {
  const { group, point } = STYLES[locale];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return fraction === '' ? grouped : `${grouped}${point}${fraction}`;
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
