import type { FormObject } from '../frame/form-body.js';
import { invalid, missing } from './errors.js';
import { requiredText, textIn } from './params.js';

const ZERO_DECIMAL = [
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'mga',
  'pyg',
  'rwf',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
];
/** Without a part, and yet sent in hundredths that have to be 00. */
const HUNDREDS = ['ugx', 'isk'];
const TWO_DECIMAL = [
  'ngn',
  'kes',
  'zar',
  'tzs',
  'egp',
  'mad',
  'etb',
  'dzd',
  'zmw',
  'usd',
  'eur',
  'gbp',
  'cad',
  'aud',
  'chf',
  'inr',
];
const CURRENCIES = [...TWO_DECIMAL, ...ZERO_DECIMAL, ...HUNDREDS];
const MINIMA: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30, zar: 50 };
const MAXIMUM = 99_999_999;

/** A currency that Stripe takes, in small letters; cedis are not among them. */
export function currencyIn(params: FormObject, name = 'currency'): string {
  const currency = requiredText(params, name).toLowerCase();
  if (CURRENCIES.includes(currency)) return currency;
  throw invalid(
    `Invalid currency: ${currency}. Stripe currently supports these currencies: ${CURRENCIES.join(', ')}`,
    name,
  );
}

/** What a charge of this currency may be for. */
export function checkCharge(amount: number, currency: string, param = 'amount'): void {
  if (amount < 1)
    throw invalid('This value must be greater than or equal to 1.', param, 'parameter_invalid_integer');
  if (HUNDREDS.includes(currency) && amount % 100 !== 0) {
    throw invalid(
      `Invalid amount: ${currency} amounts must be evenly divisible by 100.`,
      param,
      'parameter_invalid_integer',
    );
  }
  if (amount < (MINIMA[currency] ?? 1))
    throw invalid(`Amount must be at least the minimum for ${currency}`, param, 'amount_too_small');
  if (amount > MAXIMUM) throw invalid('Amount must be no more than 999,999.99', param, 'amount_too_large');
}

export function amountIn(params: FormObject, name = 'amount'): number {
  const text = textIn(params, name);
  if (text === null) throw missing(name);
  return Number(text);
}
