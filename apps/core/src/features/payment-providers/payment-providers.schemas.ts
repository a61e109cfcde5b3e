import { z } from 'zod';

import { PROVIDER_NAMES } from '../../domain/payments/provider-amounts.js';
import { AmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { lineText } from '../../platform/wire/text.js';
import {
  FlutterwaveCredentialsSchema,
  MpesaCredentialsSchema,
  PaystackCredentialsSchema,
  StripeCredentialsSchema,
} from '../payments/providers/credentials.js';

/** Paystack goes on sending what it could not deliver for 72 hours, signed by the key of then. */
const OVERLAP_HOURS = 72;

const settings = {
  name: lineText({ max: 100 }).optional().meta({ description: 'The provider’s own name unless given.' }),
  enabled: z.boolean().default(true).meta({ description: 'Whether new payments may go to it.' }),
  currencies: z.array(CurrencySchema).max(30).default([]).meta({
    description: 'What it is used for; empty for every currency that the provider takes.',
  }),
  priority: z.int().min(1).max(1_000).default(100).meta({
    description: 'Of several providers that take a currency the one with the lowest number is used.',
  }),
};

export const CreatePaymentProviderSchema = z
  .discriminatedUnion('provider', [
    z.strictObject({ provider: z.literal('paystack'), credentials: PaystackCredentialsSchema, ...settings }),
    z.strictObject({
      provider: z.literal('flutterwave'),
      credentials: FlutterwaveCredentialsSchema,
      ...settings,
    }),
    z.strictObject({ provider: z.literal('mpesa'), credentials: MpesaCredentialsSchema, ...settings }),
    z.strictObject({ provider: z.literal('stripe'), credentials: StripeCredentialsSchema, ...settings }),
  ])
  .meta({ id: 'CreatePaymentProvider' });
export type CreatePaymentProvider = z.infer<typeof CreatePaymentProviderSchema>;

export const UpdatePaymentProviderSchema = z
  .strictObject({
    name: lineText({ max: 100 }).optional(),
    enabled: z.boolean().optional(),
    currencies: z.array(CurrencySchema).max(30).optional(),
    priority: z.int().min(1).max(1_000).optional(),
    credentials: z
      .union([
        PaystackCredentialsSchema,
        FlutterwaveCredentialsSchema,
        MpesaCredentialsSchema,
        StripeCredentialsSchema,
      ])
      .optional()
      .meta({ description: 'All of them, in the provider’s own form.' }),
    keepOldKeyHours: z.int().min(0).max(168).default(OVERLAP_HOURS).meta({
      description: 'How long webhooks that the old key proves are still taken, after it was changed.',
    }),
  })
  .meta({ id: 'UpdatePaymentProvider' });
export type UpdatePaymentProvider = z.infer<typeof UpdatePaymentProviderSchema>;

export const ListPaymentProvidersQuerySchema = listQuery({ provider: z.enum(PROVIDER_NAMES).optional() });
export type ListPaymentProvidersQuery = z.infer<typeof ListPaymentProvidersQuerySchema>;

/** Amounts in a query are texts. */
const amount = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number of minor units')
  .transform(Number)
  .pipe(AmountSchema)
  .optional();

export const ChoosePaymentProviderQuerySchema = z.strictObject({
  currency: CurrencySchema,
  amount,
  unattended: z.enum(['true', 'false']).default('false').meta({
    description: 'Whether it has to charge saved payment methods without the customer.',
  }),
});
export type ChoosePaymentProviderQuery = z.infer<typeof ChoosePaymentProviderQuerySchema>;
