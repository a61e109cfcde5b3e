/** A currency as the platform knows it. The exponent is ISO 4217's: minor units are 10^-exponent of the currency. */
export interface Currency {
  readonly code: CurrencyCode;
  readonly name: string;
  readonly exponent: 0 | 2;
  /** What people of the place write. Our own table, because the machine's ICU data differ from one release to the next. */
  readonly symbol: string;
}

export const CURRENCY_CODES = [
  'NGN',
  'KES',
  'GHS',
  'ZAR',
  'UGX',
  'TZS',
  'RWF',
  'EGP',
  'XOF',
  'XAF',
  'MAD',
  'ETB',
  'DZD',
  'ZMW',
  'USD',
  'EUR',
  'GBP',
] as const;
export type CurrencyCode = (typeof CURRENCY_CODES)[number];

/** The currencies that can be billed in. */
export const CURRENCIES: Readonly<Record<CurrencyCode, Currency>> = {
  NGN: { code: 'NGN', name: 'Nigerian naira', exponent: 2, symbol: '₦' },
  KES: { code: 'KES', name: 'Kenyan shilling', exponent: 2, symbol: 'KSh' },
  GHS: { code: 'GHS', name: 'Ghanaian cedi', exponent: 2, symbol: 'GH₵' },
  ZAR: { code: 'ZAR', name: 'South African rand', exponent: 2, symbol: 'R' },
  UGX: { code: 'UGX', name: 'Ugandan shilling', exponent: 0, symbol: 'USh' },
  TZS: { code: 'TZS', name: 'Tanzanian shilling', exponent: 2, symbol: 'TSh' },
  RWF: { code: 'RWF', name: 'Rwandan franc', exponent: 0, symbol: 'FRw' },
  EGP: { code: 'EGP', name: 'Egyptian pound', exponent: 2, symbol: 'E£' },
  XOF: { code: 'XOF', name: 'West African CFA franc', exponent: 0, symbol: 'F CFA' },
  XAF: { code: 'XAF', name: 'Central African CFA franc', exponent: 0, symbol: 'FCFA' },
  MAD: { code: 'MAD', name: 'Moroccan dirham', exponent: 2, symbol: 'DH' },
  ETB: { code: 'ETB', name: 'Ethiopian birr', exponent: 2, symbol: 'Br' },
  DZD: { code: 'DZD', name: 'Algerian dinar', exponent: 2, symbol: 'DA' },
  ZMW: { code: 'ZMW', name: 'Zambian kwacha', exponent: 2, symbol: 'K' },
  USD: { code: 'USD', name: 'US dollar', exponent: 2, symbol: '$' },
  EUR: { code: 'EUR', name: 'Euro', exponent: 2, symbol: '€' },
  GBP: { code: 'GBP', name: 'Pound sterling', exponent: 2, symbol: '£' },
};

/** Whether a text is the code of a currency that can be billed in. Codes are upper case. */
export function isCurrencyCode(code: string): code is CurrencyCode {
  return (CURRENCY_CODES as readonly string[]).includes(code);
}

/** The currency of a code. An unknown code is a bug by the time it arrives here, so it throws. */
export function currencyOf(code: string): Currency {
  if (!isCurrencyCode(code)) throw new RangeError(`${code} is not a currency the platform bills in.`);
  return CURRENCIES[code];
}
