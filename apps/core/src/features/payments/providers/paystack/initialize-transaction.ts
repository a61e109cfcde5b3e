import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { textAt } from '../json-fields.js';
import { type ChargeOutcome, rejected } from '../outcomes.js';
import type { Checkout } from '../payment-provider.js';
import { undecided } from '../undecided.js';
import { outcomeOfCreate } from './charge-authorization.js';
import { hasWorked, type PaystackApi } from './paystack-api.js';

/** `POST /transaction/initialize`: a page of Paystack's where the customer pays by card, bank, USSD or mobile money. */
export async function initializeTransaction(api: PaystackApi, checkout: Checkout): Promise<ChargeOutcome> {
  const given = toProviderAmount('paystack', checkout);
  if ('refused' in given) return rejected(given.refused, 'Paystack takes no such amount.');
  if (checkout.email === null)
    return rejected('email_missing', 'Paystack takes no payment without an e-mail address.');
  const { reference, currency, email, returnUrl } = checkout;
  const answer = await api.call({
    method: 'POST',
    path: ['transaction', 'initialize'],
    body: {
      email,
      amount: Number(given.text),
      currency,
      reference,
      callback_url: returnUrl,
      metadata: { reference },
    },
  });
  if (undecided(answer) === null && answer.kind === 'answer' && hasWorked(answer)) {
    const url = textAt(answer.body, 'data', 'authorization_url');
    if (url !== null) return { kind: 'requires_action', url, providerPaymentId: null };
  }
  return outcomeOfCreate(api, reference, answer);
}
