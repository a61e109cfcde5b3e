import { InvoiceSchema } from '../invoices/invoice-wire.js';
import { PlanVersionSchema } from '../plans/version-wire.js';
import { SubscriptionSchema } from '../subscriptions/subscription-wire.js';

/**
 * Objects as events have them where that is not all that the API shows: invoices without their lines, of which there may
 * be thousands, without the address that lets whoever has it pay, and what only another query would know.
 */

export const InvoiceInEventSchema = InvoiceSchema.omit({
  lines: true,
  discounts: true,
  hostedUrl: true,
}).meta({
  id: 'InvoiceInEvent',
  description:
    'The invoice without its lines, its discounts and the address of its page, which `GET /invoices/{id}` has.',
});

export const SubscriptionInEventSchema = SubscriptionSchema.omit({ latestInvoiceId: true }).meta({
  id: 'SubscriptionInEvent',
});

export const PlanVersionInEventSchema = PlanVersionSchema.omit({ prices: true }).meta({
  id: 'PlanVersionInEvent',
});
