import { z } from 'zod';

import { AmountSchema, MomentSchema } from '../../../platform/http/common-schemas.js';
import { CurrencySchema, EmailSchema } from '../../../platform/wire/codes.js';
import { lineText } from '../../../platform/wire/text.js';
import { PlanCodeSchema } from '../billing.schemas.js';

const URL_MAX = 2_000;
const REASON_MAX = 500;
const returnUrl = z.url({ protocol: /^https?$/ }).max(URL_MAX);

export const CreateBillingCheckoutSchema = z
  .strictObject({
    plan: PlanCodeSchema,
    currency: CurrencySchema.optional().meta({
      description: 'The one of the plan before unless given; it has to be one the plan is sold in.',
    }),
    email: EmailSchema.optional().meta({ description: 'Where receipts go; your own address unless given.' }),
    savePaymentMethod: z.boolean().default(true).meta({
      description:
        'Your consent to what you pay with being kept and charged for the periods that follow. Without it they are asked for by e-mail.',
    }),
    successUrl: returnUrl.optional().meta({ description: 'Where the page leads to once it is paid.' }),
    cancelUrl: returnUrl.optional().meta({ description: 'Where it leads to for whoever gives up.' }),
  })
  .meta({ id: 'CreateBillingCheckout' });
export type CreateBillingCheckout = z.infer<typeof CreateBillingCheckoutSchema>;

export const BillingCheckoutSchema = z
  .object({
    object: z.literal('billing_checkout'),
    sessionId: z.string().nullable().meta({ description: 'Null when there was nothing to pay.' }),
    status: z.enum(['open', 'complete', 'expired']).meta({
      description:
        '`complete` when the money came: the plan holds within seconds. `expired` ones leave nothing to pay.',
    }),
    url: z
      .string()
      .nullable()
      .meta({ description: 'The page to pay on; null once it is not open any more.' }),
    plan: z.object({ code: PlanCodeSchema, name: z.string() }).nullable(),
    amount: AmountSchema.meta({ description: 'The total of its invoice, in minor units.' }),
    currency: CurrencySchema,
    expiresAt: MomentSchema.nullable(),
  })
  .meta({ id: 'BillingCheckout' });
export type BillingCheckoutWire = z.infer<typeof BillingCheckoutSchema>;

export const OpenBillingPortalSchema = z
  .strictObject({
    returnUrl: returnUrl.optional().meta({ description: 'Where the provider’s page leads back to.' }),
  })
  .prefault({})
  .meta({ id: 'OpenBillingPortal' });
export type OpenBillingPortal = z.infer<typeof OpenBillingPortalSchema>;

export const BillingPortalSchema = z
  .object({
    object: z.literal('billing_portal'),
    kind: z.enum(['provider_portal', 'invoice']).meta({
      description: 'The pages of the payment provider about saved cards, or that of the newest open invoice.',
    }),
    url: z.string(),
  })
  .meta({ id: 'BillingPortal' });
export type BillingPortalWire = z.infer<typeof BillingPortalSchema>;

export const CancelBillingSubscriptionSchema = z
  .strictObject({
    reason: lineText({ max: REASON_MAX }).optional().meta({ description: 'Why, for the audit log.' }),
  })
  .prefault({})
  .meta({ id: 'CancelBillingSubscription' });
export type CancelBillingSubscription = z.infer<typeof CancelBillingSubscriptionSchema>;
