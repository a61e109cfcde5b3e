import { z } from 'zod';

import { AmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema } from '../../platform/wire/metadata.js';
import { DraftLineSchema } from '../invoices/invoices.schemas.js';
import { CHECKOUT_SESSION_STATUSES, SAVE_PAYMENT_METHOD } from './checkout-session-wire.js';

const HALF_AN_HOUR_MIN = 30;
const DAY_MIN = 24 * 60;
const LINES_MAX = 250;

const reference = z.string().min(1).max(255);
const address = z.string().min(1).max(2_000);

export const CreateCheckoutSessionSchema = z
  .strictObject({
    invoiceId: reference
      .optional()
      .meta({ description: 'An open invoice: by its id, your id or its number.' }),
    customerId: reference.optional().meta({
      description: 'Instead of an invoice: who is to be billed for `lines`, on an invoice of its own.',
    }),
    lines: z.array(DraftLineSchema).min(1).max(LINES_MAX).optional(),
    currency: CurrencySchema.optional().meta({
      description: 'Of the invoice that is made; the customer’s unless given.',
    }),
    amount: AmountSchema.min(1)
      .optional()
      .meta({ description: 'A part of what is due. All that is due by then unless given.' }),
    successUrl: address.optional().meta({
      description: 'Where the customer goes on to once it is paid.',
      example: 'https://shop.example/thanks',
    }),
    cancelUrl: address.optional().meta({ description: 'Where a customer goes who does not want to pay.' }),
    savePaymentMethod: z.enum(SAVE_PAYMENT_METHOD).default('offered').meta({
      description:
        'Whether what it is paid with is kept to be charged again: `offered` leaves it to the customer. Say so to them before `always`.',
    }),
    expiresInMinutes: z
      .int()
      .min(HALF_AN_HOUR_MIN)
      .max(30 * DAY_MIN)
      .default(DAY_MIN),
    metadata: MetadataSchema.default({}),
  })
  .superRefine((input, check) => {
    const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
    if (input.invoiceId === undefined && input.customerId === undefined)
      refuse('invoiceId', 'is needed, or customerId with lines');
    if (input.customerId !== undefined && input.lines === undefined)
      refuse('lines', 'are needed for a customer without an invoice');
    if (input.invoiceId === undefined) return;
    for (const key of ['customerId', 'lines', 'currency'] as const) {
      if (input[key] !== undefined) refuse(key, 'comes from the invoice; leave it out');
    }
  })
  .meta({ id: 'CreateCheckoutSession' });
export type CreateCheckoutSession = z.infer<typeof CreateCheckoutSessionSchema>;

export const ListCheckoutSessionsQuerySchema = listQuery({
  status: z.enum(CHECKOUT_SESSION_STATUSES).optional(),
  customer: reference.optional(),
  invoice: reference.optional(),
});
export type ListCheckoutSessionsQuery = z.infer<typeof ListCheckoutSessionsQuerySchema>;
