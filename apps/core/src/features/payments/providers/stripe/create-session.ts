import type Stripe from 'stripe';

import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import type { Checkout } from '../payment-provider.js';
import { refusalOf, type StripeApi } from './stripe-api.js';

type NewSession = Pick<
  Checkout,
  'reference' | 'amount' | 'currency' | 'description' | 'email' | 'returnUrl' | 'providerCustomerId'
> & { readonly savesMethod?: boolean };

/** `POST /checkout/sessions`: a page of Stripe's where the customer pays. `key` makes it once, however often it is called. */
export async function createSession(
  api: StripeApi,
  input: NewSession,
  key = input.reference,
): Promise<ChargeOutcome> {
  const given = toProviderAmount('stripe', input);
  if ('refused' in given) return rejected(given.refused, 'Stripe takes no such amount.');
  const parameters = sessionParameters(input, Number(given.text));
  const result = await api.call('checkout.session', (stripe) =>
    stripe.checkout.sessions.create(parameters, { idempotencyKey: key }),
  );
  if (result.kind === 'unknown') return result;
  if (result.kind === 'refused') return refusalOf(result.error);
  const { url, id } = result.object;
  return url
    ? { kind: 'requires_action', url, providerPaymentId: id }
    : unknown('Stripe made a page and did not say where.');
}

function sessionParameters(
  { reference, currency, description, email, returnUrl, providerCustomerId, savesMethod = false }: NewSession,
  amount: number,
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    client_reference_id: reference,
    metadata: { reference },
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: currency.toLowerCase(),
          unit_amount: amount,
          product_data: { name: description },
        },
      },
    ],
    payment_intent_data: {
      metadata: { reference },
      ...(savesMethod ? { setup_future_usage: 'off_session' } : {}),
    },
    success_url: returnUrl,
    cancel_url: returnUrl,
    // A card is charged again only with a customer that it is kept with.
    ...(savesMethod && providerCustomerId === null ? { customer_creation: 'always' } : {}),
    ...(providerCustomerId !== null
      ? { customer: providerCustomerId }
      : email === null
        ? {}
        : { customer_email: email }),
  };
}
