import { textOf, type Json } from '../frame/json-text.js';
import { json, Refused } from '../frame/reply.js';
import { declineError } from './declines.js';
import { emit } from './events.js';
import { create, ownerOf } from './store.js';
import type { CardBehaviour, StripeObject, StripeWorld } from './world.js';

/** Who is there when a card is charged. */
export type Presence = 'on-session' | 'off-session';

/** Charges the card of an intent as it behaves; refuses with 402 what the card refuses. */
export function confirmIntent(
  world: StripeWorld,
  intent: StripeObject,
  card: StripeObject,
  behaviour: CardBehaviour,
  presence: Presence,
): void {
  intent['payment_method'] = card.id;
  if (behaviour === 'authentication_required' && presence === 'on-session')
    return requireAction(world, intent);
  const error = declineError(behaviour, intent, card);
  if (error) {
    refuseIntent(world, intent, error);
    throw new Refused(json(402, { error: { ...error, payment_intent: structuredClone(intent) as Json } }));
  }
  if (behaviour === 'processing') {
    intent['status'] = 'processing';
    emit(world, 'payment_intent.processing', intent);
  } else if (intent['capture_method'] === 'manual') {
    intent['status'] = 'requires_capture';
    intent['amount_capturable'] = intent['amount'];
    newCharge(world, intent, 'uncaptured');
    emit(world, 'payment_intent.amount_capturable_updated', intent);
  } else succeedIntent(world, intent, Number(intent['amount']));
}

/** Takes the money. Late is as good as at once. */
export function succeedIntent(world: StripeWorld, intent: StripeObject, amount: number): void {
  if (intent['status'] === 'succeeded') return;
  intent['status'] = 'succeeded';
  intent['amount_received'] = amount;
  intent['amount_capturable'] = 0;
  intent['last_payment_error'] = null;
  intent['next_action'] = null;
  const charge = newCharge(world, intent, 'captured');
  const { account } = ownerOf(world, intent.id);
  world.truth.record({
    at: world.clock.date().toISOString(),
    kind: 'capture',
    reference: world.businessKey(intent, world.keyOfIntent.get(intent.id) ?? null),
    chargeId: intent.id,
    refundId: null,
    amount: BigInt(amount),
    currency: textOf(intent['currency']).toUpperCase(),
    account,
  });
  emit(world, 'charge.succeeded', charge);
  emit(world, 'payment_intent.succeeded', intent);
}

/** The card said no: the intent waits for another one. */
export function refuseIntent(world: StripeWorld, intent: StripeObject, error: Json): void {
  if (intent['status'] === 'succeeded') return;
  intent['status'] = 'requires_payment_method';
  intent['last_payment_error'] = error;
  emit(world, 'payment_intent.payment_failed', intent);
}

function requireAction(world: StripeWorld, intent: StripeObject): void {
  intent['status'] = 'requires_action';
  intent['next_action'] = {
    type: 'redirect_to_url',
    redirect_to_url: {
      return_url: intent['return_url'] ?? null,
      url: `${world.url()}/authenticate/${intent.id}`,
    },
  };
  emit(world, 'payment_intent.requires_action', intent);
}

function newCharge(world: StripeWorld, intent: StripeObject, state: 'captured' | 'uncaptured'): StripeObject {
  const known =
    typeof intent['latest_charge'] === 'string' ? world.stored.get(intent['latest_charge'])?.data : undefined;
  const charge =
    known ??
    create(
      world,
      ownerOf(world, intent.id),
      { prefix: 'ch', object: 'charge' },
      {
        amount: intent['amount'],
        amount_refunded: 0,
        currency: intent['currency'],
        customer: intent['customer'],
        metadata: intent['metadata'],
        payment_intent: intent.id,
        payment_method: intent['payment_method'],
        paid: true,
        refunded: false,
        disputed: false,
        status: 'succeeded',
      },
    );
  charge['captured'] = state === 'captured';
  charge['amount_captured'] = state === 'captured' ? intent['amount_received'] : 0;
  intent['latest_charge'] = charge.id;
  return charge;
}
