import { textOf, type Json, type JsonObject } from '../frame/json-text.js';
import { renewSubscription } from './bill-subscription.js';
import type { Call } from './call.js';
import { expireSession } from './checkout-sessions.js';
import { completeSession, endBankPayment, payExpired } from './complete-session.js';
import { emit, tell } from './events.js';
import { moveRefund } from './refund-life.js';
import { refuseIntent, succeedIntent } from './settle-intent.js';
import { create, ownerOf } from './store.js';
import { endSubscription } from './subscriptions.js';
import type { StripeObject, StripeWorld } from './world.js';

type Advance = (world: StripeWorld, subject: StripeObject, order: JsonObject) => void;

const FAILED = {
  type: 'card_error',
  code: 'payment_intent_payment_attempt_failed',
  message: 'The payment failed.',
} as const;

/** What can become of each kind of object. */
const ADVANCES: Readonly<Record<string, Readonly<Record<string, Advance>>>> = {
  payment_intent: {
    succeeded: (world, intent) => succeedIntent(world, intent, Number(intent['amount'])),
    failed: (world, intent) => refuseIntent(world, intent, FAILED),
    dispute: (world, intent) => dispute(world, intent),
  },
  'checkout.session': {
    card: (world, session) => completeSession(world, session, 'card'),
    bank: (world, session) => completeSession(world, session, 'bank'),
    succeeded: (world, session) => endBankPayment(world, session, 'succeeded'),
    failed: (world, session) => endBankPayment(world, session, 'failed'),
    expired: expireSession,
    'paid-late': payExpired,
  },
  refund: {
    succeeded: (world, refund) => moveRefund(world, refund, 'succeeded'),
    failed: (world, refund) => moveRefund(world, refund, 'failed'),
  },
  subscription: {
    renewed: (world, subscription) =>
      void renewSubscription(world, callOf(world, subscription), subscription),
    deleted: endSubscription,
  },
  event: {
    // The same change under another identifier, as Stripe may tell it.
    twin: (world, event) => {
      const { id: _id, ...members } = event;
      tell(
        world,
        create(world, ownerOf(world, event.id), { prefix: 'evt', object: 'event' }, members),
        world.webhooks,
      );
    },
  },
};

/** Settles what waits: `{id, to}`, where `to` is one of what can become of that kind of object. */
export function advance(world: StripeWorld, order: JsonObject): Json {
  const id = textOf(order['id']);
  const subject = world.stored.get(id)?.data;
  if (!subject) throw new Error(`There is no ${id}.`);
  const ways = ADVANCES[subject.object] ?? {};
  const to = textOf(order['to'], 'succeeded');
  const way = ways[to];
  if (!way)
    throw new Error(
      `A ${subject.object} goes to ${Object.keys(ways).join(', ') || 'nothing'}, not to ${to}.`,
    );
  way(world, subject, order);
  return { id, status: subject['status'] ?? null };
}

function dispute(world: StripeWorld, intent: StripeObject): void {
  const charge = world.stored.get(textOf(intent['latest_charge']))?.data;
  if (charge) charge['disputed'] = true;
  const disputed = create(
    world,
    ownerOf(world, intent.id),
    { prefix: 'du', object: 'dispute' },
    {
      amount: intent['amount'],
      charge: intent['latest_charge'],
      currency: intent['currency'],
      payment_intent: intent.id,
      reason: 'fraudulent',
      status: 'needs_response',
    },
  );
  emit(world, 'charge.dispute.created', disputed);
  emit(world, 'charge.dispute.funds_withdrawn', disputed);
}

const callOf = (world: StripeWorld, subject: StripeObject): Call => {
  const { account, livemode } = ownerOf(world, subject.id);
  return { account, livemode, params: {}, idempotencyKey: null, path: {}, outcome: undefined };
};
