import type Stripe from 'stripe';

import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import type { Mode } from '../../../../tenancy/tenant-context.js';
import { declinedByStripe } from '../declines.js';
import { type ChargeOutcome, type SavedMethod, unknown } from '../outcomes.js';
import { saidBy } from './stripe-api.js';

/** What a PaymentIntent says of the charge with our reference. */
export function intentOutcome(
  intent: Stripe.PaymentIntent,
  { reference, mode }: { reference: string; mode: Mode },
): ChargeOutcome {
  if (intent.metadata['reference'] !== reference) return unknown('Stripe answered about another reference.');
  if (intent.livemode !== (mode === 'live'))
    return unknown('Stripe answered about a payment of the other mode.');
  const providerPaymentId = intent.id;
  switch (intent.status) {
    case 'succeeded':
      return success(intent);
    case 'processing':
    case 'requires_capture':
    case 'requires_confirmation':
      return { kind: 'pending', providerPaymentId };
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url?.url;
      return url
        ? { kind: 'requires_action', url, providerPaymentId }
        : { kind: 'pending', providerPaymentId };
    }
    case 'requires_payment_method':
      return lastDecline(intent);
    case 'canceled':
      return { kind: 'declined', code: 'canceled', message: 'The payment was given up.', retryable: true };
    default:
      return unknown(`Stripe answered with the status "${String(intent.status)}".`);
  }
}

function success(intent: Stripe.PaymentIntent): ChargeOutcome {
  const currency = intent.currency.toUpperCase();
  const text = String(intent.amount_received);
  const amount = fromProviderAmount('stripe', { text, currency });
  if (amount === null) return unknown(`Stripe told of ${text} ${currency}, which is no amount of it.`);
  const saved = savedMethod(intent);
  return { kind: 'succeeded', providerPaymentId: intent.id, amount, currency, ...(saved ? { saved } : {}) };
}

/** A method is kept for later only where the payer has agreed to that. */
function savedMethod(intent: Stripe.PaymentIntent): SavedMethod | null {
  const { payment_method: method, customer } = intent;
  if (intent.setup_future_usage !== 'off_session' || !method || typeof method === 'string') return null;
  const { card } = method;
  return {
    token: method.id,
    kind: method.type,
    label: card ? `${card.brand} ending in ${card.last4}` : method.type,
    fingerprint: card?.fingerprint ?? null,
    email: null,
    providerCustomerId: typeof customer === 'string' ? customer : (customer?.id ?? null),
  };
}

/** An intent that nobody has tried to pay yet waits. */
function lastDecline(intent: Stripe.PaymentIntent): ChargeOutcome {
  const error = intent.last_payment_error;
  if (!error) return { kind: 'pending', providerPaymentId: intent.id };
  const code = saidBy(error.decline_code, error.code, 'declined');
  return declinedByStripe(code, error.message ?? 'The card was declined.', error.advice_code ?? null);
}
