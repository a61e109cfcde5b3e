import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import type { HttpAnswer } from '../../../../platform/http-client/http-client.js';
import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import { textAt, valueAt } from '../json-fields.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import type { SavedCharge } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { hasWorked, type PaystackApi, refusalOf } from './paystack-api.js';
import { transactionOutcome } from './transaction-outcome.js';
import { verifyTransaction } from './verify-transaction.js';

/** `POST /transaction/charge_authorization`: charges a card that was saved, with the address that saved it. */
export async function chargeAuthorization(api: PaystackApi, charge: SavedCharge): Promise<ChargeOutcome> {
  const given = toProviderAmount('paystack', charge);
  if ('refused' in given) return rejected(given.refused, 'Paystack takes no such amount.');
  if (charge.email === null)
    return rejected('email_missing', 'Paystack charges nobody without an e-mail address.');
  const answer = await api.call({
    method: 'POST',
    path: ['transaction', 'charge_authorization'],
    body: {
      email: charge.email,
      amount: Number(given.text),
      authorization_code: charge.token,
      reference: charge.reference,
      currency: charge.currency,
      metadata: JSON.stringify({ reference: charge.reference }),
    },
  });
  return outcomeOfCreate(api, charge.reference, answer);
}

/** What a call that makes a transaction says. One that was made before with our reference is asked after. */
export async function outcomeOfCreate(
  api: PaystackApi,
  reference: string,
  answer: HttpAnswer | NoAnswer,
): Promise<ChargeOutcome> {
  if (!isDecided(answer)) return inDoubt(answer);
  if (hasWorked(answer)) {
    return transactionOutcome(valueAt(answer.body, 'data'), { reference, mode: api.mode });
  }
  if (!isDuplicate(answer.body)) return refusalOf(answer.body);
  const known = await verifyTransaction(api, reference);
  return known.kind === 'not_found' ? unknown('Paystack knows the reference and does not find it.') : known;
}

function isDuplicate(body: unknown): boolean {
  return (
    textAt(body, 'code') === 'duplicate_reference' ||
    /duplicate transaction reference/i.test(textAt(body, 'message') ?? '')
  );
}
