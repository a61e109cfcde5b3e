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
