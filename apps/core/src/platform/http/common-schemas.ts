import { z } from 'zod';

import { CURRENCY_CODES } from '../../domain/money/currencies.js';
import { COUNTRY_CODES } from './country-codes.js';

/** The words that wire schemas of all features share. */

/** The longest text an id or external id in a path may be. */
export const ID_LENGTH_MAX = 255;

/** Looks like an id of ours: such a text cannot be an external id, or it could stand for two objects. */
const OUR_ID = /^[a-z]{2,5}_[0-9a-hjkmnp-tv-z]{26}$/;

/** An id or external id in a path: `@Param('id', { schema: IdParamSchema }) id: string`. */
export const IdParamSchema = z.string().min(1).max(ID_LENGTH_MAX);

/** The caller's own id of an object, unique in the tenant and accepted wherever the object's id is. */
export const ExternalIdSchema = z
  .string()
  .min(1)
  .max(ID_LENGTH_MAX)
  .regex(/^[\x21-\x7e]+$/, 'Use visible ASCII characters without spaces')
  .refine((text) => !OUR_ID.test(text), 'This looks like an id of ours; choose another')
  .meta({ description: 'Your own id of this object, accepted wherever its id is.', example: 'crm-4711' });

/** A text that a person wrote, trimmed, and not empty. */
export function text(lengthMax: number): z.ZodString {
  return z.string().trim().min(1).max(lengthMax);
}

export const CurrencySchema = z
  .enum(CURRENCY_CODES)
  .meta({ id: 'Currency', description: 'An ISO 4217 code in upper case.', example: 'KES' });

export const CountrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Use an ISO 3166-1 code of two capital letters')
  .refine((code) => !/^[A-Z]{2}$/.test(code) || COUNTRY_CODES.has(code), 'There is no such country')
  .meta({ description: 'An ISO 3166-1 alpha-2 code.', example: 'KE' });

export const TimeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'Use a name of the IANA time zone database, such as Africa/Nairobi')
  .meta({ description: 'A name of the IANA time zone database.', example: 'Africa/Nairobi' });

export const EmailSchema = z.email().max(254).meta({ example: 'billing@acme.example' });

export const PhoneSchema = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'Use the international form, such as +254700000001')
  .meta({ description: 'In international form (E.164).', example: '+254700000001' });

export const AddressSchema = z
  .strictObject({
    line1: text(200).optional(),
    line2: text(200).optional(),
    city: text(100).optional(),
    state: text(100).optional(),
    postalCode: text(20).optional(),
    country: CountrySchema.optional(),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof AddressSchema>;

/** An amount of money in minor units, 0 or more. */
export const AmountSchema = z
  .int()
  .min(0)
  .meta({ description: 'In minor units of the currency: 1050 is 10.50 KES.', example: 1050 });

/** A price of one unit: a decimal string in minor units, which may be finer than one. */
export const UnitAmountSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})(\.\d{1,12})?$/, 'Use a decimal such as "1500" or "0.8"')
  .meta({
    description: 'A decimal in minor units of the currency; may be finer than one.',
    example: '150000',
  });

/** A moment as callers may write it: ISO 8601 with `Z` or an offset. */
export const MomentInputSchema = z.iso
  .datetime({ offset: true })
  .meta({ description: 'ISO 8601 with `Z` or an offset.', example: '2026-01-31T09:00:00Z' });

/** A moment as we write it: ISO 8601 in UTC. */
export const MomentSchema = z.iso.datetime().meta({ example: '2026-01-31T09:00:00.000Z' });

function isTimeZone(name: string): boolean {
  // The engine also knows offsets such as +03:00, which have no daylight saving rules: they are not names.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
