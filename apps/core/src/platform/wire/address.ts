import { z } from 'zod';

import { CountrySchema } from './codes.js';
import { lineText } from './text.js';

/** A postal address, every part optional: countries differ too much to ask for more. */
export const AddressSchema = z
  .strictObject({
    line1: lineText({ max: 200 }).optional(),
    line2: lineText({ max: 200 }).optional(),
    city: lineText({ max: 100 }).optional(),
    state: lineText({ max: 100 }).optional(),
    postalCode: lineText({ max: 20 }).optional(),
    country: CountrySchema.optional(),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof AddressSchema>;

const part = (text: z.ZodString) => text.nullable().optional();

/** A merge patch of an address: parts that are named change, null removes one, the others stay. */
export const AddressPatchSchema = z
  .strictObject({
    line1: part(lineText({ max: 200 })),
    line2: part(lineText({ max: 200 })),
    city: part(lineText({ max: 100 })),
    state: part(lineText({ max: 100 })),
    postalCode: part(lineText({ max: 20 })),
    country: CountrySchema.nullable().optional(),
  })
  .meta({ id: 'AddressPatch', description: 'Merged into the address: null removes a part.' });
export type AddressPatch = z.infer<typeof AddressPatchSchema>;

/** The address after a merge patch; null when nothing is left of it. */
export function mergeAddress(current: Address | null, patch: AddressPatch): Address | null {
  const parts = Object.entries({ ...current, ...patch }).filter(
    ([, text]) => text !== null && text !== undefined,
  );
  return parts.length === 0 ? null : Object.fromEntries(parts);
}

/** An address as a JSON column gives it back. What is stored went through the schema on its way in. */
export function readAddress(column: unknown): Address | null {
  return column as Address | null;
}
