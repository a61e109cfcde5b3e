import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { textAt } from '../json-fields.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import type { Checkout } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { type FlutterwaveApi, hasWorked, refusalOf } from './flutterwave-api.js';

/** `POST /payments`: a page of Flutterwave's where the customer pays by card, bank, USSD or mobile money. */
export async function createPaymentLink(api: FlutterwaveApi, checkout: Checkout): Promise<ChargeOutcome> {
  const given = toProviderAmount('flutterwave', checkout);
  if ('refused' in given) return rejected(given.refused, 'Flutterwave takes no such amount.');
  if (checkout.email === null)
    return rejected('email_missing', 'Flutterwave takes no payment without an e-mail address.');
  const { reference, currency, email, customerName, phone, returnUrl, description } = checkout;
  const answer = await api.call({
    method: 'POST',
    path: ['payments'],
    body: {
      tx_ref: reference,
      amount: Number(given.text),
      // Without it Flutterwave would take naira.
      currency,
      redirect_url: returnUrl,
      customer: {
        email,
        ...(customerName === null ? {} : { name: customerName }),
        ...(phone === null ? {} : { phone_number: phone }),
      },
      customizations: { title: description },
    },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  if (!hasWorked(answer)) return refusalOf(answer);
  const url = textAt(answer.body, 'data', 'link');
  return url === null
    ? unknown('Flutterwave made a page and did not say where.')
    : { kind: 'requires_action', url, providerPaymentId: null };
}
