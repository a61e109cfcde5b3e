import { z } from 'zod';

/** Wire types of all features that `platform/wire` does not have: ids in paths, amounts and moments. */

/** The longest text an id or external id in a path may be. */
export const ID_LENGTH_MAX = 255;

/** An id or external id in a path: `@Param('id', { schema: IdParamSchema }) id: string`. */
export const IdParamSchema = z.string().min(1).max(ID_LENGTH_MAX);

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
  .datetime({ offset: true, abort: true })
  .refine((moment) => /^(19|2\d)\d\d-/.test(moment), { error: 'Use a year from 1900 to 2999', abort: true })
  .meta({ description: 'ISO 8601 with `Z` or an offset.', example: '2026-01-31T09:00:00Z' });

/** A moment as we write it: ISO 8601 in UTC. */
export const MomentSchema = z.iso.datetime().meta({ example: '2026-01-31T09:00:00.000Z' });
