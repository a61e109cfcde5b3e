import type { Json, JsonObject } from '../frame/json-text.js';
import type { CardBehaviour, StripeObject } from './world.js';

interface Decline {
  code: string;
  declineCode: string | null;
  message: string;
  advice: 'try_again_later' | 'do_not_try_again' | null;
}

const declined = (
  declineCode: string,
  advice: Decline['advice'],
  message = 'Your card was declined.',
): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
  advice,
});

/** What Stripe says of cards that cannot be charged. */
const DECLINES: Readonly<Record<Exclude<CardBehaviour, 'success' | 'processing'>, Decline>> = {
  insufficient_funds: declined('insufficient_funds', 'try_again_later', 'Your card has insufficient funds.'),
  card_declined: declined('generic_decline', null),
  lost_card: declined('lost_card', 'do_not_try_again'),
  expired_card: {
    code: 'expired_card',
    declineCode: null,
    message: 'Your card has expired.',
    advice: 'do_not_try_again',
  },
  processing_error: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
    advice: 'try_again_later',
  },
  authentication_required: {
    code: 'authentication_required',
    declineCode: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
    advice: null,
  },
};

/** The error of a charge, as it stands in the answer and as the last one in its intent. */
export function declineError(
  behaviour: CardBehaviour,
  intent: StripeObject,
  card: StripeObject,
): JsonObject | null {
  if (behaviour === 'success' || behaviour === 'processing') return null;
  const { code, declineCode, message, advice } = DECLINES[behaviour];
  return {
    type: 'card_error',
    code,
    message,
    ...(declineCode ? { decline_code: declineCode } : {}),
    ...(advice ? { advice_code: advice } : {}),
    doc_url: `https://stripe.com/docs/error-codes/${code}`,
    charge: intent['latest_charge'] ?? null,
    payment_method: card as Json,
  };
}
