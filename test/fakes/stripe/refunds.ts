import { route, type Route } from '../frame/router.js';
import { amountIn } from './amounts.js';
import { takes, type Call } from './call.js';
import { emit } from './events.js';
import { invalid, missing } from './errors.js';
import { metadataIn, textIn } from './params.js';
import { moveRefund } from './refund-life.js';
import { all, create, find, list, LIST_PARAMS } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

const PATH = '/v1/refunds';
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'];

function make(world: StripeWorld, call: Call): StripeObject {
  const { params } = call;
  const charge = chargeNamed(world, call);
  const reason = textIn(params, 'reason');
  if (reason !== null && !REASONS.includes(reason))
    throw invalid(`Invalid reason: must be one of ${REASONS.join(', ')}`, 'reason');
  const taken = all(world, call, 'refund')
    .filter(
      (refund) =>
        refund['charge'] === charge.id && refund['status'] !== 'failed' && refund['status'] !== 'canceled',
    )
    .reduce((total, refund) => total + Number(refund['amount']), 0);
  const left = Number(charge['amount_captured']) - taken;
  if (left <= 0)
    throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  const amount = textIn(params, 'amount') === null ? left : amountIn(params);
  if (amount < 1) throw invalid('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  if (amount > left)
    throw invalid(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      'amount',
    );
  const refund = create(
    world,
    call,
    { prefix: 're', object: 'refund' },
    {
      amount,
      charge: charge.id,
      currency: charge['currency'],
      metadata: metadataIn(params),
      payment_intent: charge['payment_intent'],
      reason,
      status: 'pending',
    },
  );
  emit(world, 'refund.created', refund, call.idempotencyKey);
  if (call.outcome !== 'pending') moveRefund(world, refund, 'succeeded');
  return refund;
}

function chargeNamed(world: StripeWorld, call: Call): StripeObject {
  const [intent, charge] = [textIn(call.params, 'payment_intent'), textIn(call.params, 'charge')];
  if (charge !== null) return find(world, call, 'charge', charge, 'charge');
  if (intent === null) throw missing('charge');
  const { latest_charge: latest, status } = find(world, call, 'payment_intent', intent, 'payment_intent');
  if (status !== 'succeeded' || typeof latest !== 'string') {
    throw invalid(
      `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
      'payment_intent',
      'payment_intent_unexpected_state',
    );
  }
  return find(world, call, 'charge', latest, 'charge');
}

const PARAMS = {
  payment_intent: 'text',
  charge: 'text',
  amount: 'integer',
  reason: 'text',
  metadata: 'hash',
} as const;
const FILTERS = { ...LIST_PARAMS, payment_intent: 'text', charge: 'text' } as const;

export const refundRoutes: readonly Route<StripeWorld>[] = [
  route('POST', PATH, takes(PARAMS, make)),
  route(
    'GET',
    PATH,
    takes(FILTERS, (world, call) => list(world, call, 'refund', ['payment_intent', 'charge'], PATH)),
  ),
  route(
    'GET',
    `${PATH}/:id`,
    takes({}, (world, call) => find(world, call, 'refund', call.path['id'] ?? '')),
  ),
];
