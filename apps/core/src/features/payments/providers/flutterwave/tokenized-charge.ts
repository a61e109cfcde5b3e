import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import type { HttpAnswer } from '../../../../platform/http-client/http-client.js';
import { declinedInWords } from '../declines.js';
import { textAt, valueAt } from '../json-fields.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import type { SavedCharge } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { type FlutterwaveApi, hasWorked, refusalOf } from './flutterwave-api.js';
import { actionUrl, transactionOutcome } from './transaction-outcome.js';
import { verifyTransaction } from './verify-transaction.js';

/** The country that Flutterwave wants with each currency; of those that several share, the one it names itself. */
const COUNTRIES: Readonly<Record<string, string>> = {
  NGN: 'NG',
  KES: 'KE',
  GHS: 'GH',
  ZAR: 'ZA',
  TZS: 'TZ',
  UGX: 'UG',
  RWF: 'RW',
  ZMW: 'ZM',
  EGP: 'EG',
  XOF: 'CI',
  XAF: 'CM',
  USD: 'NG',
  EUR: 'NG',
  GBP: 'NG',
};

/** `POST /tokenized-charges`: charges a card that was saved. It may take the customer's word first. */
export async function tokenizedCharge(api: FlutterwaveApi, charge: SavedCharge): Promise<ChargeOutcome> {
  const given = toProviderAmount('flutterwave', charge);
  if ('refused' in given) return rejected(given.refused, 'Flutterwave takes no such amount.');
  if (charge.email === null)
    return rejected('email_missing', 'Flutterwave charges nobody without an e-mail address.');
  const { reference, currency, token, email, description, returnUrl } = charge;
  const answer = await api.call({
    method: 'POST',
    path: ['tokenized-charges'],
    body: {
      token,
      email,
      // Without it Flutterwave would take naira.
      currency,
      country: COUNTRIES[currency] ?? 'NG',
      amount: Number(given.text),
      tx_ref: reference,
      narration: description,
      redirect_url: returnUrl,
    },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  if (!hasWorked(answer)) return refusedCharge(api, reference, answer);
  const data = valueAt(answer.body, 'data');
  const outcome = transactionOutcome(data, reference);
  const url = actionUrl(answer.body);
  return outcome.kind === 'pending' && url !== null ? { ...outcome, kind: 'requires_action', url } : outcome;
}

/** Declines come as refusals too, told by their words alone; a reference that was used before is asked after. */
async function refusedCharge(
  api: FlutterwaveApi,
  reference: string,
  answer: HttpAnswer,
): Promise<ChargeOutcome> {
  const message = textAt(answer.body, 'message') ?? '';
  if (/duplicate|already (been )?used|exist/i.test(message)) {
    const known = await verifyTransaction(api, { reference, providerPaymentId: null });
    return known.kind === 'not_found'
      ? unknown('Flutterwave knows the reference and does not find it.')
      : known;
  }
  const declined = declinedInWords(message);
  return answer.status === 400 && declined.code !== 'declined' ? declined : refusalOf(answer);
}
