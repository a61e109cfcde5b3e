import Stripe from 'stripe';

import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { declinedByStripe } from '../declines.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import type { SavedCharge } from '../payment-provider.js';
import { createSession } from './create-session.js';
import { intentOutcome } from './intent-outcome.js';
import { refusalOf, saidBy, type StripeApi } from './stripe-api.js';

/** `POST /payment_intents`, off session and confirmed at once: charges a card that was saved. */
export async function chargeOffSession(api: StripeApi, charge: SavedCharge): Promise<ChargeOutcome> {
  const given = toProviderAmount('stripe', charge);
  if ('refused' in given) return rejected(given.refused, 'Stripe takes no such amount.');
  const { reference, currency, token, providerCustomerId, description } = charge;
  const result = await api.call('payment_intent', (stripe) =>
    stripe.paymentIntents.create(
      {
        amount: Number(given.text),
        currency: currency.toLowerCase(),
        ...(providerCustomerId === null ? {} : { customer: providerCustomerId }),
        payment_method: token,
        off_session: true,
        confirm: true,
        description,
        metadata: { reference },
      },
      { idempotencyKey: reference },
    ),
  );
  if (result.kind === 'unknown') return result;
  if (result.kind === 'object') return intentOutcome(result.object, { reference, mode: api.account.mode });
  const { error } = result;
  if (!(error instanceof Stripe.errors.StripeCardError)) return refusalOf(error);
  if (error.code === 'authentication_required') return authenticate(api, charge, error);
  return declinedByStripe(
    saidBy(error.decline_code, error.code, 'declined'),
    error.message,
    error.advice_code ?? null,
  );
}

/**
 * The bank wants its customer's word, which takes a page. The intent is given up first, so that it cannot take the money
 * beside the page that takes its place.
 */
async function authenticate(
  api: StripeApi,
  charge: SavedCharge,
  error: InstanceType<typeof Stripe.errors.StripeCardError>,
): Promise<ChargeOutcome> {
  const { reference } = charge;
  const id = error.payment_intent?.id;
  if (id === undefined) return unknown('Stripe wants the customer’s word and does not say of which payment.');
  const cancelled = await api.call('payment_intent', (stripe) =>
    stripe.paymentIntents.cancel(id, {}, { idempotencyKey: `${reference}-cancel` }),
  );
  if (cancelled.kind !== 'object')
    return unknown('A payment that takes the customer’s word could not be given up.');
  return createSession(api, charge, `${reference}-page`);
}
