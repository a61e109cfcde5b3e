import { CURRENCIES, type CurrencyCode, isCurrencyCode } from '../money/currencies.js';
import { type Decimal, toDecimal } from '../money/decimal.js';

/** The companies that move money for tenants, beside the sandbox. */
export const PROVIDER_NAMES = ['paystack', 'flutterwave', 'mpesa', 'stripe'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Whether a text is the name of a provider. */
export function isProviderName(name: string): name is ProviderName {
  return (PROVIDER_NAMES as readonly string[]).includes(name);
}

/** How a provider writes amounts of a currency. Limits are in its own unit. */
export interface AmountRule {
  /** Its unit is 10^-exponent of the currency: 2 is cents, 0 whole shillings or, with decimals, the currency itself. */
  readonly exponent: number;
  /** How many decimals its numbers may have. */
  readonly decimals: number;
  /** What every amount is a multiple of. */
  readonly multiple: bigint;
  readonly min: string | null;
  readonly max: string | null;
}

const subunits = (min: string | null = null, max: string | null = null, multiple = 1n): AmountRule => ({
  exponent: 2,
  decimals: 0,
  multiple,
  min,
  max,
});
const whole = (max: string | null = null): AmountRule => ({
  exponent: 0,
  decimals: 0,
  multiple: 1n,
  min: '1',
  max,
});
const major: AmountRule = { exponent: 0, decimals: 2, multiple: 1n, min: '0.01', max: null };
/** Paystack refuses more than ten millions of a currency. */
const PAYSTACK_MAX = '1000000000';

type Rules = Partial<Readonly<Record<CurrencyCode, AmountRule>>>;

/**
 * The one table that amounts cross to and from providers through. A currency that is missing is one that the provider
 * does not take, or does not take for certain: Stripe's list has no GHS, and Paystack opens EGP and RWF to nobody that
 * we could ask. Sources: the providers' own pages on currencies and amounts, as of November 2026.
 */
const AMOUNT_RULES: Readonly<Record<ProviderName, Rules>> = {
  // Subunits always, even of a currency that has none: XOF 5,000 is 500000, and a fraction of it is ignored there.
  paystack: {
    NGN: subunits('5000', PAYSTACK_MAX),
    GHS: subunits('10', PAYSTACK_MAX),
    ZAR: subunits('100', PAYSTACK_MAX),
    KES: subunits('300', PAYSTACK_MAX),
    USD: subunits('200', PAYSTACK_MAX),
    XOF: subunits('100', PAYSTACK_MAX, 100n),
  },
  // The currency itself with its decimals, as JSON numbers such as 1150.35.
  flutterwave: {
    NGN: major,
    KES: major,
    GHS: major,
    ZAR: major,
    TZS: major,
    EGP: major,
    ZMW: major,
    USD: major,
    EUR: major,
    GBP: major,
    UGX: whole(),
    RWF: whole(),
    XOF: whole(),
    XAF: whole(),
  },
  mpesa: { KES: whole('250000') },
  // ISO minor units, but for UGX, which is sent in hundredths that have to be none.
  stripe: {
    NGN: subunits(),
    KES: subunits(),
    ZAR: subunits('50'),
    TZS: subunits(),
    EGP: subunits(),
    MAD: subunits(),
    ETB: subunits(),
    DZD: subunits(),
    ZMW: subunits(),
    USD: subunits('50'),
    EUR: subunits('50'),
    GBP: subunits('30'),
    UGX: subunits(null, null, 100n),
    RWF: whole(),
    XOF: whole(),
    XAF: whole(),
  },
};

/** What a provider takes money in. */
export function currenciesOf(provider: ProviderName): readonly CurrencyCode[] {
  return Object.keys(AMOUNT_RULES[provider]) as CurrencyCode[];
}

/** How a provider writes amounts of a currency; null when it does not take it. */
export function amountRule(provider: ProviderName, currency: string): AmountRule | null {
  return isCurrencyCode(currency) ? (AMOUNT_RULES[provider][currency] ?? null) : null;
}

/** Why an amount cannot be given to a provider. */
export type AmountRefusal =
  'currency_not_supported' | 'amount_too_fine' | 'amount_too_small' | 'amount_too_large';

/** Why an amount cannot be charged by this rule; null when it can be. Nothing is ever rounded to fit. */
export function amountRefusal(
  rule: AmountRule,
  { amount, currency }: { amount: bigint; currency: string },
): AmountRefusal | null {
  const value = inUnitsOf(rule, amount, currency);
  if (value.decimalPlaces() > rule.decimals) return 'amount_too_fine';
  if (rule.multiple !== 1n && !value.mod(rule.multiple.toString()).isZero()) return 'amount_too_fine';
  if (amount <= 0n || (rule.min !== null && value.lt(rule.min))) return 'amount_too_small';
  return rule.max !== null && value.gt(rule.max) ? 'amount_too_large' : null;
}

/**
 * An amount as the provider writes it, for example 5000 minor units of XOF as `500000` to Paystack. What the provider
 * cannot take is refused.
 */
export function toProviderAmount(
  provider: ProviderName,
  { amount, currency }: { amount: bigint; currency: string },
): { readonly text: string } | { readonly refused: AmountRefusal } {
  const rule = amountRule(provider, currency);
  if (!rule) return { refused: 'currency_not_supported' };
  const refused = amountRefusal(rule, { amount, currency });
  return refused ? { refused } : { text: inUnitsOf(rule, amount, currency).toFixed() };
}

/** The same of money that goes back: what is too little to be charged is not too little for that. */
export function toRefundAmount(
  provider: ProviderName,
  { amount, currency }: { amount: bigint; currency: string },
): { readonly text: string } | { readonly refused: AmountRefusal } {
  const rule = amountRule(provider, currency);
  if (!rule) return { refused: 'currency_not_supported' };
  const refused = amountRefusal({ ...rule, min: null }, { amount, currency });
  return refused ? { refused } : { text: inUnitsOf(rule, amount, currency).toFixed() };
}

function inUnitsOf(rule: AmountRule, amount: bigint, currency: string): Decimal {
  return toDecimal(amount).times(toDecimal('10').pow(rule.exponent - exponentOf(currency)));
}

/**
 * An amount as the provider wrote it, in minor units of the currency. Null for what is no amount of the currency, or is
 * finer than a minor unit: such an amount is nobody's to round. The text is the number's own, never a float's.
 */
export function fromProviderAmount(
  provider: ProviderName,
  { text, currency }: { text: string; currency: string },
): bigint | null {
  const rule = amountRule(provider, currency);
  if (!rule || !AMOUNT_TEXT.test(text)) return null;
  const minor = toDecimal(text).times(toDecimal('10').pow(exponentOf(currency) - rule.exponent));
  return minor.isInteger() ? BigInt(minor.toFixed(0)) : null;
}

const AMOUNT_TEXT = /^\d{1,20}(\.\d{1,12})?$/;

function exponentOf(currency: string): number {
  return isCurrencyCode(currency) ? CURRENCIES[currency].exponent : 0;
}
