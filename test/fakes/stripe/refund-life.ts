import { textOf } from '../frame/json-text.js';
import type { TruthEntry } from '../frame/truth-log.js';
import { emit } from './events.js';
import { ownerOf } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

/** Takes a refund on. One that had succeeded may still fail: its money comes back to the merchant. */
export function moveRefund(world: StripeWorld, refund: StripeObject, status: 'succeeded' | 'failed'): void {
  const before = refund['status'];
  if (before === status || before === 'failed') return;
  const charge = world.stored.get(textOf(refund['charge']))?.data;
  if (!charge) throw new Error(`${refund.id} is of no charge.`);
  refund['status'] = status;
  if (status === 'succeeded') {
    record(world, refund, 'refund');
    count(charge, Number(refund['amount']));
    emit(world, 'charge.refunded', charge);
  } else {
    refund['failure_reason'] = 'expired_or_canceled_card';
    if (before === 'succeeded') {
      record(world, refund, 'refund-undone');
      count(charge, -Number(refund['amount']));
    }
    emit(world, 'refund.failed', refund);
  }
  emit(world, 'refund.updated', refund);
}

function count(charge: StripeObject, amount: number): void {
  charge['amount_refunded'] = Number(charge['amount_refunded']) + amount;
  charge['refunded'] = charge['amount_refunded'] === charge['amount_captured'];
}

function record(world: StripeWorld, refund: StripeObject, kind: TruthEntry['kind']): void {
  const intent = world.stored.get(textOf(refund['payment_intent']))?.data;
  if (!intent) throw new Error(`${refund.id} is of no intent.`);
  world.truth.record({
    at: world.clock.date().toISOString(),
    kind,
    reference: world.businessKey(intent, world.keyOfIntent.get(intent.id) ?? null),
    chargeId: intent.id,
    refundId: refund.id,
    amount: BigInt(Number(refund['amount'])),
    currency: textOf(refund['currency']).toUpperCase(),
    account: ownerOf(world, refund.id).account,
  });
}
