import { textOf, type Json } from '../frame/json-text.js';
import type { Call } from './call.js';
import { declineError } from './declines.js';
import { emit } from './events.js';
import { currencyOf, totalOf, type Line } from './line-items.js';
import { newIntent } from './payment-intents.js';
import { refuseIntent, succeedIntent } from './settle-intent.js';
import { create, findStored, seconds } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, year: 365 };
const DAY = 86_400;

export interface NewSubscription {
  customer: string;
  lines: readonly Line[];
  card: StripeObject;
  metadata: Record<string, string>;
}

/** A subscription with its first invoice. What its card refuses leaves it incomplete. */
export function beginSubscription(
  world: StripeWorld,
  call: Call,
  wanted: NewSubscription,
): { subscription: StripeObject; invoice: StripeObject } {
  const start = seconds(world);
  const subscription = create(
    world,
    call,
    { prefix: 'sub', object: 'subscription' },
    {
      cancel_at_period_end: false,
      canceled_at: null,
      currency: currencyOf(wanted.lines),
      customer: wanted.customer,
      default_payment_method: wanted.card.id,
      latest_invoice: null,
      metadata: wanted.metadata,
      start_date: start,
      status: 'incomplete',
    },
  );
  const items = wanted.lines.map(({ price, quantity }) =>
    create(
      world,
      call,
      { prefix: 'si', object: 'subscription_item' },
      {
        subscription: subscription.id,
        price: price,
        quantity,
        // Periods are on the items, and no longer on the subscription.
        current_period_start: start,
        current_period_end: start + lengthOf(price),
      },
    ),
  );
  subscription['items'] = {
    object: 'list',
    data: items as Json,
    has_more: false,
    url: `/v1/subscription_items?subscription=${subscription.id}`,
  };
  const invoice = billSubscription(world, call, subscription, totalOf(wanted.lines), 'subscription_create');
  emit(world, 'customer.subscription.created', subscription, call.idempotencyKey);
  return { subscription, invoice };
}

/** Makes an invoice of a period and charges it. */
export function billSubscription(
  world: StripeWorld,
  call: Call,
  subscription: StripeObject,
  amount: number,
  reason: string,
): StripeObject {
  const { data: card, behaviour } = findStored(
    world,
    call,
    'payment_method',
    textOf(subscription['default_payment_method']),
  );
  const invoice = create(
    world,
    call,
    { prefix: 'in', object: 'invoice' },
    {
      amount_due: amount,
      amount_paid: 0,
      amount_remaining: amount,
      billing_reason: reason,
      currency: subscription['currency'],
      customer: subscription['customer'],
      metadata: {},
      parent: {
        type: 'subscription_details',
        quote_details: null,
        subscription_details: { subscription: subscription.id, metadata: subscription['metadata'] ?? {} },
      },
      status: 'open',
      total: amount,
    },
  );
  subscription['latest_invoice'] = invoice.id;
  emit(world, 'invoice.created', invoice);
  emit(world, 'invoice.finalized', invoice);
  const customer = textOf(subscription['customer']);
  const intent = newIntent(world, call, {
    amount,
    currency: textOf(subscription['currency']),
    customer,
    metadata: {},
  });
  world.keyOfIntent.set(intent.id, invoice.id);
  intent['payment_method'] = card.id;
  const payment = {
    id: `inpay_${world.ids.text(24)}`,
    object: 'invoice_payment',
    invoice: invoice.id,
    amount_paid: amount,
    payment: { type: 'payment_intent', payment_intent: intent.id },
  };
  invoice['payments'] = { object: 'list', data: [payment], has_more: false, url: '/v1/invoice_payments' };
  const error = declineError(behaviour, intent, card);
  if (error) {
    refuseIntent(world, intent, error);
    subscription['status'] = reason === 'subscription_create' ? 'incomplete' : 'past_due';
    emit(world, 'invoice.payment_failed', invoice);
    return invoice;
  }
  succeedIntent(world, intent, amount);
  Object.assign(invoice, { amount_paid: amount, amount_remaining: 0, status: 'paid' });
  subscription['status'] = 'active';
  emit(world, 'invoice.paid', invoice);
  return invoice;
}

function lengthOf(price: StripeObject): number {
  const recurring = price['recurring'] as { interval: string; interval_count: number } | null;
  return (DAYS[recurring?.interval ?? 'month'] ?? 30) * (recurring?.interval_count ?? 1) * DAY;
}

/** The next period: its items move on, and its invoice is charged. */
export function renewSubscription(world: StripeWorld, call: Call, subscription: StripeObject): StripeObject {
  const items = (subscription['items'] as unknown as { data: StripeObject[] }).data;
  let amount = 0;
  for (const item of items) {
    const price = item['price'] as unknown as StripeObject;
    item['current_period_start'] = item['current_period_end'];
    item['current_period_end'] = Number(item['current_period_end']) + lengthOf(price);
    amount += Number(price['unit_amount']) * Number(item['quantity']);
  }
  const invoice = billSubscription(world, call, subscription, amount, 'subscription_cycle');
  emit(world, 'customer.subscription.updated', subscription);
  return invoice;
}
