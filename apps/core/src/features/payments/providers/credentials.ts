import { z } from 'zod';

import type { ProviderName } from '../../../domain/payments/provider-amounts.js';
import type { Mode } from '../../../tenancy/tenant-context.js';

const secret = z.string().trim().min(8).max(500);
/** Keys go into headers. */
const key = secret.regex(/^[\x21-\x7e]+$/, 'must have no blanks and no letters beyond ASCII');

export const PaystackCredentialsSchema = z
  .strictObject({ secretKey: key.meta({ description: 'It verifies webhooks too.', example: 'sk_test_…' }) })
  .meta({ id: 'PaystackCredentials' });
export type PaystackCredentials = z.infer<typeof PaystackCredentialsSchema>;

export const FlutterwaveCredentialsSchema = z
  .strictObject({
    secretKey: key.meta({ example: 'FLWSECK_TEST-…' }),
    webhookSecretHash: key.min(16).meta({
      description:
        'The secret hash of the dashboard’s webhook settings. Flutterwave sends it with each webhook as it is, so make it long and random.',
    }),
    unattended: z.boolean().default(false).meta({
      description: 'Whether Flutterwave has approved the account for charges without the customer.',
    }),
  })
  .meta({ id: 'FlutterwaveCredentials' });
export type FlutterwaveCredentials = z.infer<typeof FlutterwaveCredentialsSchema>;

const shortcode = z.string().regex(/^\d{5,7}$/, 'must be 5 to 7 digits');
export const MpesaCredentialsSchema = z
  .strictObject({
    consumerKey: key,
    consumerSecret: key,
    shortcode: shortcode.meta({
      description: 'The pay bill, or the store number of a till.',
      example: '174379',
    }),
    till: shortcode.optional().meta({ description: 'For Buy Goods: the till that is paid.' }),
    passkey: key,
    initiator: z
      .strictObject({
        name: z.string().trim().min(1).max(100),
        password: secret,
        certificate: z
          .string()
          .max(10_000)
          .regex(/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/, 'must be a PEM certificate')
          .meta({
            description:
              'Safaricom’s certificate of the environment, in PEM, that the password is encrypted with.',
          }),
        disbursementShortcode: shortcode
          .optional()
          .meta({ description: 'For partial refunds, which are B2C payments.' }),
      })
      .optional()
      .meta({ description: 'What refunds take.' }),
    nominatedNumber: z
      .string()
      .regex(/^254[17]\d{8}$/, 'must be a Kenyan phone number, such as 254712345678')
      .optional()
      .meta({
        description:
          'The phone number that the short code has named to Safaricom. With it the account’s books are opened, by which payments that no callback told of are found.',
      }),
  })
  .meta({ id: 'MpesaCredentials' });
export type MpesaCredentials = z.infer<typeof MpesaCredentialsSchema>;

export const StripeCredentialsSchema = z
  .strictObject({
    secretKey: key.meta({ description: 'A restricted key will do.', example: 'rk_test_…' }),
    webhookSecret: key
      .startsWith('whsec_')
      .meta({ description: 'The signing secret of the webhook endpoint.', example: 'whsec_…' }),
  })
  .meta({ id: 'StripeCredentials' });
export type StripeCredentials = z.infer<typeof StripeCredentialsSchema>;

export interface CredentialsOf {
  readonly paystack: PaystackCredentials;
  readonly flutterwave: FlutterwaveCredentials;
  readonly mpesa: MpesaCredentials;
  readonly stripe: StripeCredentials;
}

export const CREDENTIALS_SCHEMAS: { readonly [P in ProviderName]: z.ZodType<CredentialsOf[P]> } = {
  paystack: PaystackCredentialsSchema,
  flutterwave: FlutterwaveCredentialsSchema,
  mpesa: MpesaCredentialsSchema,
  stripe: StripeCredentialsSchema,
};

/** Which mode a provider's key is of, by how it begins; null when its look does not tell. M-Pesa's never does. */
export function modeOfKey(provider: ProviderName, secretKey: string): Mode | null {
  const prefixes = KEY_PREFIXES[provider];
  if (prefixes.test.some((prefix) => secretKey.startsWith(prefix))) return 'test';
  return prefixes.live.some((prefix) => secretKey.startsWith(prefix)) ? 'live' : null;
}

const KEY_PREFIXES: Readonly<Record<ProviderName, Readonly<Record<Mode, readonly string[]>>>> = {
  paystack: { test: ['sk_test_'], live: ['sk_live_'] },
  flutterwave: { test: ['FLWSECK_TEST-'], live: ['FLWSECK-'] },
  stripe: { test: ['sk_test_', 'rk_test_'], live: ['sk_live_', 'rk_live_'] },
  mpesa: { test: [], live: [] },
};

/** The one secret of an account that is shown by its last characters, and told again by its fingerprint. */
export function mainSecret<P extends ProviderName>(provider: P, credentials: CredentialsOf[P]): string {
  const given = credentials as Partial<Record<string, unknown>>;
  const value = provider === 'mpesa' ? given['consumerSecret'] : given['secretKey'];
  return String(value);
}
