import { z } from 'zod';

/** An amount that a credit can take below zero. */
export const SignedAmountSchema = z
  .int()
  .meta({ description: 'In minor units of the currency; below zero where it is a credit.', example: 1050 });

const taxShare = {
  code: z.string().meta({ example: 'VAT' }),
  name: z.string().meta({ example: 'VAT' }),
  rate: z.string().meta({ description: 'Percent, a decimal.', example: '7.5' }),
  base: SignedAmountSchema.meta({ description: 'What the percentage was taken of.' }),
  amount: SignedAmountSchema,
};

export const NO_TAX_REASONS = ['exempt', 'reverse_charge', 'not_registered'] as const;

/** A tax on one line. */
export const TaxShareSchema = z.object(taxShare).meta({ id: 'TaxShare' });
export type TaxShareWire = z.infer<typeof TaxShareSchema>;

/** A tax on a whole invoice or credit note. */
export const TaxRowSchema = z
  .object({
    ...taxShare,
    reason: z
      .enum(NO_TAX_REASONS)
      .nullable()
      .meta({ description: 'Why nothing is taken of this base; null where the tax is taken.' }),
  })
  .meta({ id: 'TaxRow', description: 'A tax by its rate, rounded once for the whole document.' });
export type TaxRowWire = z.infer<typeof TaxRowSchema>;
