import { InvoiceSchema } from '../invoices/invoice-wire.js';
import { PlanVersionSchema } from '../plans/version-wire.js';
import { SubscriptionSchema } from '../subscriptions/subscription-wire.js';

/**
 * Objects as events have them where that is not all that the API shows: invoices without their lines, of which there may
 * be thousands, and what only another query would know.
 */

export const InvoiceInEventSchema = InvoiceSchema.omit({ lines: true, discounts: true }).meta({
  id: 'InvoiceInEvent',
  description: 'The invoice without its lines and discounts, which `GET /invoices/{id}` has.',
});

export const SubscriptionInEventSchema = SubscriptionSchema.omit({ latestInvoiceId: true }).meta({
  id: 'SubscriptionInEvent',
});

export const PlanVersionInEventSchema = PlanVersionSchema.omit({ prices: true }).meta({
  id: 'PlanVersionInEvent',
});
