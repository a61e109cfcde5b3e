import { create } from './store.js';
import type { Call } from './call.js';
import type { CardBehaviour, StripeObject, StripeWorld } from './world.js';

/** Stripe's own cards for tests, by what they do when they are charged. */
const TEST_CARDS: Readonly<Record<string, CardBehaviour>> = {
  pm_card_visa: 'success',
  pm_card_mastercard: 'success',
  pm_card_chargeCustomerFail: 'card_declined',
  pm_card_visa_chargeDeclined: 'card_declined',
  pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_visa_chargeDeclinedLostCard: 'lost_card',
  pm_card_chargeDeclinedExpiredCard: 'expired_card',
  pm_card_chargeDeclinedProcessingError: 'processing_error',
  pm_card_authenticationRequired: 'authentication_required',
  pm_card_processing: 'processing',
};

/** A card of its own where one of Stripe's for tests is named; null where none is. */
export function testCard(
  world: StripeWorld,
  owner: Pick<Call, 'account' | 'livemode'>,
  id: string,
): StripeObject | null {
  const behaviour = TEST_CARDS[id];
  return behaviour === undefined || owner.livemode ? null : newCard(world, owner, behaviour);
}

export function newCard(
  world: StripeWorld,
  owner: Pick<Call, 'account' | 'livemode'>,
  behaviour: CardBehaviour,
): StripeObject {
  const card = {
    brand: 'visa',
    country: 'US',
    exp_month: 12,
    exp_year: 2034,
    fingerprint: world.ids.text(16),
    funding: 'credit',
    last4: '4242',
  };
  const members = {
    type: 'card',
    card,
    customer: null,
    metadata: {},
    billing_details: { email: null, name: null, phone: null, address: null },
  };
  return create(world, owner, { prefix: 'pm', object: 'payment_method' }, members, behaviour);
}
