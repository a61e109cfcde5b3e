import { z } from 'zod';

import { PROVIDER_NAMES } from '../../domain/payments/provider-amounts.js';
import { listQuery } from '../../platform/http/pagination.js';
import { EmailSchema } from '../../platform/wire/codes.js';
import { lineText } from '../../platform/wire/text.js';

export const PaymentMethodTokenSchema = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'The provider’s token of a payment method.', example: 'pm_sandbox_success' });

const reference = z.string().min(1).max(255);

export const AttachPaymentMethodSchema = z
  .strictObject({
    provider: z
      .enum(['sandbox', ...PROVIDER_NAMES])
      .default('sandbox')
      .meta({
        description:
          'Whose token it is. Of a provider that you have an account with it is one that was saved there before: an authorization code of Paystack’s, a card token of Flutterwave’s, a payment method of Stripe’s.',
      }),
    token: PaymentMethodTokenSchema,
    email: EmailSchema.optional().meta({
      description:
        'The address that it was saved with at Paystack or Flutterwave; the customer’s unless given.',
    }),
    providerCustomerId: reference.optional().meta({
      description: 'The customer at the provider whose it is. Stripe needs it.',
      example: 'cus_N4v4',
    }),
    kind: lineText({ max: 50 }).optional().meta({ description: '`card` unless given.' }),
    label: lineText({ max: 100 })
      .optional()
      .meta({ description: 'What people see of it.', example: 'Visa ending in 4081' }),
  })
  .superRefine((input, check) => {
    if (input.provider !== 'sandbox') return;
    for (const key of ['email', 'providerCustomerId', 'kind', 'label'] as const) {
      if (input[key] !== undefined)
        check.addIssue({ code: 'custom', path: [key], message: 'is for another provider than the sandbox' });
    }
  })
  .meta({ id: 'AttachPaymentMethod' });
export type AttachPaymentMethod = z.infer<typeof AttachPaymentMethodSchema>;

export const ListPaymentMethodsQuerySchema = listQuery({});
export type ListPaymentMethodsQuery = z.infer<typeof ListPaymentMethodsQuerySchema>;
