import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { BalanceEntrySchema } from '../balances/balance-wire.js';
import { CheckoutSessionInEventSchema } from '../checkout-sessions/checkout-session-wire.js';
import { CouponSchema } from '../coupons/coupon-wire.js';
import { DiscountSchema } from '../coupons/discount-wire.js';
import { CreditNoteSchema } from '../credit-notes/credit-note-wire.js';
import { CustomerSchema } from '../customers/customer-wire.js';
import { DisputeSchema } from '../disputes/dispute-wire.js';
import { DunningPolicySchema } from '../dunning/dunning-policy-wire.js';
import { DunningRunSchema, EntrySchema } from '../dunning/dunning-run-wire.js';
import { FinalActionSchema } from '../dunning/dunning-step-wire.js';
import { FeatureOverrideSchema } from '../entitlements/feature-overrides.js';
import { FeatureSchema } from '../feature-catalog/feature-wire.js';
import { PlanFeaturesSchema } from '../feature-catalog/plan-features.schemas.js';
import { MeterSchema } from '../meters/meter-wire.js';
import { PaymentMethodSchema } from '../payment-methods/payment-method-wire.js';
import { PaymentSchema } from '../payments/payment-wire.js';
import { PlanSchema } from '../plans/plan-wire.js';
import { PriceSchema } from '../plans/price-wire.js';
import { RefundSchema } from '../refunds/refund-wire.js';
import { TaxRateSchema } from '../tax-rates/tax-rate-wire.js';
import { UnmatchedPaymentSchema } from '../unmatched-payments/unmatched-payment-wire.js';
import { WalletSchema } from '../wallets/wallet-wire.js';
import { WebhookEndpointSchema } from '../webhooks/webhook-endpoint-wire.js';
import {
  InvoiceInEventSchema,
  PlanVersionInEventSchema,
  SubscriptionInEventSchema,
} from './event-objects.js';
import type { EventType } from './event-types.js';

/** What the data of a type of event is made of. */
interface EventForm {
  readonly description: string;
  /** The object as it is after what happened; null where no one object tells it. */
  readonly object: z.ZodType | null;
  /** What stands beside it. */
  readonly facts?: z.ZodRawShape;
  readonly isUpdate?: true;
}

const form = (object: z.ZodType | null, description: string, facts: z.ZodRawShape = {}): EventForm => ({
  object,
  description,
  facts,
});
const update = (object: z.ZodType, description: string): EventForm => ({
  object,
  description,
  isUpdate: true,
});

/** What every act on a subscription says. What was asked for stands beside it. */
const ACT: z.ZodRawShape = {
  at: MomentSchema.meta({ description: 'When it took effect.' }),
  status: z.string().meta({ description: 'Of the subscription, since then.', example: 'active' }),
  invoiceIds: z.array(z.string()),
  creditNoteIds: z.array(z.string()),
};
const act = (description: string) => form(SubscriptionInEventSchema, description, ACT);
const subscription = (description: string, facts: z.ZodRawShape) =>
  form(SubscriptionInEventSchema.nullable(), description, facts);

const DUNNING_ENDED: z.ZodRawShape = {
  note: z.string().nullable().meta({ description: 'Why, where that is not plain.' }),
};

/** The form of every type of event. */
export const EVENT_FORMS: Readonly<Record<EventType, EventForm>> = {
  'customer.created': form(CustomerSchema, 'A customer was made.'),
  'customer.updated': update(CustomerSchema, 'What is known of a customer has changed.'),
  'customer.deleted': form(CustomerSchema, 'A customer was taken out of use.'),
  'payment_method.attached': form(PaymentMethodSchema, 'A customer can be charged by another method.'),
  'payment_method.updated': update(PaymentMethodSchema, 'Another payment method is the default one.'),
  'payment_method.detached': form(PaymentMethodSchema, 'A payment method is charged no more.'),
  'plan.created': form(PlanSchema, 'A plan was made.'),
  'plan.updated': update(PlanSchema, 'A plan has changed.'),
  'plan.deleted': form(PlanSchema, 'A plan was deleted.'),
  'plan.version_published': form(
    PlanVersionInEventSchema,
    'New subscriptions get another version of a plan.',
  ),
  'plan.features_changed': form(PlanFeaturesSchema, 'A plan grants other features.'),
  'price.created': form(PriceSchema, 'A plan has another price.'),
  'price.updated': update(PriceSchema, 'A price has changed; what it charges never does.'),
  'feature.created': form(FeatureSchema, 'A feature was made.'),
  'feature.updated': update(FeatureSchema, 'A feature has changed.'),
  'feature.deleted': form(FeatureSchema, 'A feature was deleted.'),
  'meter.created': form(MeterSchema, 'A meter was made.'),
  'meter.updated': update(MeterSchema, 'A meter has changed; what it has counted stays.'),
  'meter.deleted': form(MeterSchema, 'A meter was deleted.'),
  'tax_rate.created': form(TaxRateSchema, 'Invoices take another tax.'),
  'tax_rate.updated': update(TaxRateSchema, 'A tax rate has changed; issued invoices keep what they say.'),
  'tax_rate.deleted': form(TaxRateSchema, 'Invoices take a tax no more.'),
  'coupon.created': form(CouponSchema, 'A coupon was made.'),
  'coupon.updated': update(CouponSchema, 'A coupon has changed.'),
  'coupon.deleted': form(CouponSchema, 'A coupon was deleted.'),
  'discount.created': form(DiscountSchema, 'A customer or a subscription has a coupon.'),
  'discount.removed': form(DiscountSchema, 'A coupon counts no more.'),
  'entitlement.override_set': form(
    FeatureOverrideSchema,
    'A customer has something else of a feature than its plans say.',
  ),
  'entitlement.override_removed': form(FeatureOverrideSchema, 'The plans’ own word counts again.'),
  'subscription.created': act('A customer has subscribed.'),
  'subscription.updated': update(SubscriptionInEventSchema, 'How a subscription is collected has changed.'),
  'subscription.started': act('A subscription that was to start later has started.'),
  'subscription.trial_ended': act('A trial is over.'),
  'subscription.renewed': act('A period has begun.'),
  'subscription.changed': act('A subscription has other items, another plan or other terms.'),
  'subscription.change_scheduled': subscription('A change is agreed on for later.', {
    changeId: z.string(),
    effectiveAt: MomentSchema,
  }),
  'subscription.change_canceled': subscription('A change that was agreed on will not be.', {
    changeId: z.string(),
  }),
  'subscription.paused': act('A subscription is paused.'),
  'subscription.resumed': act('A subscription goes on.'),
  'subscription.cancel_scheduled': act('A subscription will end.'),
  'subscription.kept': act('A subscription that was to end goes on.'),
  'subscription.canceled': act('A subscription has ended.'),
  'subscription.reactivated': act('A subscription that had ended goes on.'),
  'invoice.created': form(
    InvoiceInEventSchema,
    'A draft was made. What is issued at once has `invoice.finalized` alone.',
  ),
  'invoice.updated': update(
    InvoiceInEventSchema,
    'A draft, or what callers keep with an invoice, has changed.',
  ),
  'invoice.deleted': form(InvoiceInEventSchema, 'A draft was deleted.'),
  'invoice.finalized': form(InvoiceInEventSchema, 'An invoice was issued: it has its number.'),
  'invoice.paid': form(InvoiceInEventSchema, 'Nothing is due on an invoice any more.'),
  'invoice.payment_failed': form(InvoiceInEventSchema, 'An attempt to charge an invoice has failed.', {
    paymentId: z.string(),
    failureCode: z.string().nullable(),
    failureMessage: z.string().nullable(),
  }),
  'invoice.voided': form(InvoiceInEventSchema, 'An invoice is void.'),
  'invoice.marked_uncollectible': form(InvoiceInEventSchema, 'An invoice was given up on.'),
  'invoice.overdue': form(InvoiceInEventSchema, 'An invoice was not paid by the day on which it was due.'),
  'credit_note.created': form(CreditNoteSchema, 'A part of an invoice was taken back.'),
  'credit_note.voided': form(CreditNoteSchema, 'A credit note was taken back.'),
  'payment.pending': form(PaymentSchema, 'A payment is with its provider.'),
  'payment.succeeded': form(PaymentSchema, 'Money has come.'),
  'payment.failed': form(PaymentSchema, 'A payment has failed.'),
  'checkout_session.created': form(CheckoutSessionInEventSchema, 'A customer has a page to pay on.'),
  'checkout_session.completed': form(
    CheckoutSessionInEventSchema,
    'What a checkout session asks for is paid.',
  ),
  'checkout_session.expired': form(
    CheckoutSessionInEventSchema,
    'The time of a checkout session, or its invoice, was over before it was paid.',
  ),
  'refund.created': form(RefundSchema, 'Money is to go back.'),
  'refund.succeeded': form(RefundSchema, 'Money has gone back.'),
  'refund.failed': form(RefundSchema, 'Money could not go back.'),
  'unmatched_payment.created': form(
    UnmatchedPaymentSchema,
    'Money came that could not be matched with an invoice: somebody has to look at it.',
  ),
  'unmatched_payment.applied': form(
    UnmatchedPaymentSchema,
    'Money that could not be matched has gone to an invoice, or to the customer’s balance.',
  ),
  'unmatched_payment.returned': form(
    UnmatchedPaymentSchema,
    'Money that could not be matched is to go back. Its refund tells whether it has.',
  ),
  'unmatched_payment.dismissed': form(
    UnmatchedPaymentSchema,
    'Somebody has said that nothing is to be done about money that could not be matched.',
  ),
  'unmatched_payment.reopened': form(
    UnmatchedPaymentSchema,
    'Money that was to go back could not: somebody has to look at it again.',
  ),
  'dispute.created': form(DisputeSchema, 'A payer takes a payment back by way of the bank.'),
  'dispute.updated': update(DisputeSchema, 'A dispute has come a step further.'),
  'dispute.closed': form(DisputeSchema, 'The bank has decided on a dispute.'),
  'wallet.created': form(WalletSchema, 'A customer has another wallet.'),
  'wallet.updated': update(WalletSchema, 'A wallet has changed.'),
  'wallet.topped_up': form(WalletSchema, 'Something was put into a wallet.', {
    grantId: z.string(),
    kind: z.string().meta({ example: 'paid' }),
    amount: z.string().meta({ description: 'In minor units.', example: '500000' }),
  }),
  'wallet.depleted': form(null, 'A wallet is empty.', {
    customerId: z.string(),
    currency: z.string().meta({ example: 'NGN' }),
  }),
  'wallet.credit_expired': form(WalletSchema, 'Something in a wallet has expired.', {
    grantId: z.string(),
    amount: z.string().meta({ description: 'In minor units.', example: '500000' }),
  }),
  'wallet.closed': form(WalletSchema, 'A wallet is closed.'),
  'balance.adjusted': form(BalanceEntrySchema, 'Somebody gave a customer credit, or took some back.'),
  'balance.changed': form(
    BalanceEntrySchema,
    'A document moved a customer’s balance: an invoice took of it, or a credit note, a void, a refund or a closed wallet put there.',
  ),
  'usage.threshold_reached': form(null, 'A customer’s usage has come to a threshold of an alert.', {
    alertId: z.string(),
    alertName: z.string().nullable(),
    customerId: z.string(),
    meterId: z.string(),
    threshold: z.object({ type: z.string(), value: z.string() }),
    quantity: z.string().meta({ example: '100' }),
    limit: z.string().nullable(),
    windowStart: MomentSchema,
  }),
  'webhook_endpoint.disabled': form(
    WebhookEndpointSchema,
    'The platform sends an endpoint nothing any more.',
  ),
  'webhook_endpoint.test': form(WebhookEndpointSchema, 'Somebody tries an endpoint.', {
    example: z.object({ type: z.string(), data: z.unknown() }),
  }),
  'dunning_policy.created': form(DunningPolicySchema, 'A dunning policy was made.'),
  'dunning_policy.updated': update(DunningPolicySchema, 'A dunning policy has changed.'),
  'dunning_policy.archived': form(DunningPolicySchema, 'A dunning policy begins no dunning any more.'),
  'dunning.started': form(DunningRunSchema, 'Something is being done about an invoice that is not paid.', {
    reason: z.enum(['payment_failed', 'overdue', 'requested']),
    paymentId: z.string().nullable(),
  }),
  'dunning.step_taken': form(DunningRunSchema, 'A step of dunning was taken.', {
    step: z.int().meta({ description: 'Which, from 1.' }),
    entries: z.array(EntrySchema).meta({ description: 'What was done.' }),
  }),
  'dunning.recovered': form(DunningRunSchema, 'An invoice that was dunned was paid.', DUNNING_ENDED),
  'dunning.exhausted': form(DunningRunSchema, 'All steps were taken, and the invoice was not paid.', {
    finalAction: FinalActionSchema,
  }),
  'dunning.stopped': form(DunningRunSchema, 'There is no reason to dun an invoice any more.', DUNNING_ENDED),
  'notification.requested': form(
    null,
    'A customer is to be told something that the platform has no channel for.',
    {
      channel: z.enum(['sms']),
      to: z.string().meta({ example: '+2348012345678' }),
      text: z.string(),
      invoiceId: z.string(),
      dunningRunId: z.string(),
    },
  ),
};
