import type { PaymentAccount } from '@nova/prisma-central';
import { z } from 'zod';

import { PROVIDER_NAMES, type ProviderName } from '../../domain/payments/provider-amounts.js';
import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import { CAPABILITIES } from '../payments/providers/capabilities.js';
import { EVENT_KINDS } from '../payments/providers/webhook-events.js';
import type { WebhookRegistration } from './register-webhooks.js';

const CapabilitiesSchema = z
  .object({
    currencies: z.array(
      z.object({
        currency: z.string(),
        exponent: z.int().meta({ description: 'The provider’s unit is 10^-exponent of the currency.' }),
        multiple: z.int(),
        min: z.string().nullable().meta({ description: 'In the provider’s unit.' }),
        max: z.string().nullable(),
      }),
    ),
    partialRefunds: z.boolean(),
    unattendedCharges: z.enum(['yes', 'approval', 'no']),
    portal: z.boolean(),
    webhookProof: z.enum(['signature', 'shared_secret', 'none']),
    events: z.array(z.enum(EVENT_KINDS)),
  })
  .meta({ id: 'PaymentProviderCapabilities' });

export const PaymentProviderSchema = z
  .object({
    object: z.literal('payment_provider'),
    id: z.string(),
    provider: z.enum(PROVIDER_NAMES),
    name: z.string(),
    mode: z.enum(['test', 'live']),
    enabled: z.boolean(),
    currencies: z.array(z.string()),
    priority: z.int(),
    key: z
      .object({
        last4: z.string(),
        fingerprint: z
          .string()
          .meta({ description: 'The same for the same key, and of no use for anything else.' }),
        oldUntil: MomentSchema.nullable().meta({
          description: 'Until when the key of before still proves webhooks.',
        }),
      })
      .meta({ description: 'Credentials are never shown again.' }),
    capabilities: CapabilitiesSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'PaymentProvider' });
export type PaymentProviderWire = z.infer<typeof PaymentProviderSchema>;
export const PaymentProviderListSchema = listOf(PaymentProviderSchema, 'PaymentProviderList');

const WebhookRegistrationSchema = z
  .object({
    result: z.enum(['registered', 'refused', 'unknown', 'by_hand']).meta({
      description:
        '`registered`: the provider was told the address by us, which M-Pesa alone can be. `by_hand`: you tell it on its dashboard. `unknown`: it could not be asked; test the account to tell it again.',
    }),
    message: z.string().nullable(),
  })
  .meta({ id: 'WebhookRegistration' });

export const PaymentProviderWithAddressSchema = PaymentProviderSchema.extend({
  webhookUrl: z.url().meta({
    description:
      'Where the provider is to send its webhooks. Keep it to yourself: it is shown in this answer only.',
  }),
  webhookRegistration: WebhookRegistrationSchema,
}).meta({ id: 'PaymentProviderWithAddress' });

export const PaymentProviderTestSchema = z
  .object({
    object: z.literal('payment_provider_test'),
    paymentProviderId: z.string(),
    result: z.enum(['ok', 'refused', 'unknown']).meta({
      description: '`refused`: the provider does not take the credentials. `unknown`: it could not be asked.',
    }),
    message: z.string().nullable(),
    durationMs: z.int(),
    webhookRegistration: WebhookRegistrationSchema.nullable().meta({
      description: 'Null when the provider did not take the credentials, or could not be asked.',
    }),
  })
  .meta({ id: 'PaymentProviderTest' });

/** What came of telling a provider where its webhooks are to go, as callers see it. */
export function toRegistrationWire(
  registration: WebhookRegistration,
): z.infer<typeof WebhookRegistrationSchema> {
  return { result: registration.kind, message: 'message' in registration ? registration.message : null };
}

/** The account as callers see it: of its credentials the last characters and a fingerprint. */
export function toPaymentProviderWire(row: PaymentAccount, mode: Mode, now: Date): PaymentProviderWire {
  const provider = row.provider as ProviderName;
  const { currencies, partialRefunds, unattendedCharges, portal, webhookProof, events } =
    CAPABILITIES[provider];
  const oldUntil = row.previousKeyUntil && row.previousKeyUntil > now ? row.previousKeyUntil : null;
  return {
    object: 'payment_provider',
    id: row.id,
    provider,
    name: row.name,
    mode,
    enabled: row.enabled,
    currencies: row.currencies,
    priority: row.priority,
    key: { last4: row.hint, fingerprint: row.fingerprint, oldUntil: oldUntil?.toISOString() ?? null },
    capabilities: {
      currencies: [...(currencies ?? [])].map(([currency, { exponent, multiple, min, max }]) => ({
        currency,
        exponent,
        multiple: Number(multiple),
        min,
        max,
      })),
      partialRefunds,
      unattendedCharges,
      portal,
      webhookProof,
      events: [...events],
    },
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
