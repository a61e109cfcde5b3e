import { z } from 'zod';

import { isTimeZone } from '../../domain/calendar/periods.js';
import { CURRENCY_CODES } from '../../domain/money/currencies.js';
import { lineText } from './text.js';

/** A currency that can be billed in. */
export const CurrencySchema = z
  .enum(CURRENCY_CODES)
  .meta({ id: 'Currency', description: 'ISO 4217, upper case.' });

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** A country by ISO 3166-1 alpha-2. */
export const CountrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters')
  .refine(
    (code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) !== undefined,
    'is not the code of a country',
  )
  .meta({ description: 'ISO 3166-1 alpha-2.', example: 'NG' });

/** A state or province. Customers and tax rates have to write it alike. */
export const RegionSchema = lineText({ max: 50 }).meta({
  description: 'A state or province, written as your tax rates have it.',
  example: 'Lagos',
});

/** A time zone by its IANA name. */
export const TimeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not the name of a time zone')
  .meta({ description: 'IANA time zone.', example: 'Africa/Lagos' });

export const EmailSchema = z.email().max(254).meta({ example: 'billing@acme.example' });

/** A phone number in E.164. */
export const PhoneSchema = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number with its country code, such as +2348012345678')
  .meta({ description: 'E.164.', example: '+2348012345678' });
