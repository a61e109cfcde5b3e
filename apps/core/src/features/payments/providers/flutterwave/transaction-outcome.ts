import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { declinedInWords } from '../declines.js';
import { textAt, valueAt } from '../json-fields.js';
import { type ChargeOutcome, type SavedMethod, unknown } from '../outcomes.js';

/** What a transaction of Flutterwave's says of the charge with our reference. */
export function transactionOutcome(data: unknown, reference: string): ChargeOutcome {
  if (textAt(data, 'tx_ref') !== reference) return unknown('Flutterwave answered about another reference.');
  const status = textAt(data, 'status') ?? '';
  if (status === 'successful') return success(data);
  if (status === 'failed') return declinedInWords(textAt(data, 'processor_response'));
  if (status !== 'pending') return unknown(`Flutterwave answered with the status "${status}".`);
  const providerPaymentId = textAt(data, 'id');
  const url = actionUrl(data);
  return url === null
    ? { kind: 'pending', providerPaymentId }
    : { kind: 'requires_action', url, providerPaymentId };
}

/** Charges of a token take the customer's word (3DS) unless Flutterwave has allowed the account to go without. */
export function actionUrl(data: unknown): string | null {
  const url = textAt(data, 'meta', 'authorization', 'redirect') ?? textAt(data, 'auth_url');
  return url !== null && /^https?:\/\//.test(url) ? url : null;
}

/** `amount` is what was asked for, a decimal of the currency itself; `charged_amount` may have fees in it. */
function success(data: unknown): ChargeOutcome {
  const id = textAt(data, 'id');
  const currency = textAt(data, 'currency');
  const text = textAt(data, 'amount');
  if (id === null || currency === null || text === null) {
    return unknown('Flutterwave told of a success without its sum.');
  }
  const amount = fromProviderAmount('flutterwave', { text, currency });
  if (amount === null) return unknown(`Flutterwave told of ${text} ${currency}, which is no amount of it.`);
  const saved = savedMethod(data);
  return { kind: 'succeeded', providerPaymentId: id, amount, currency, ...(saved ? { saved } : {}) };
}

/** Cards only have a token, which lives a year and is charged with the address that made it. */
function savedMethod(data: unknown): SavedMethod | null {
  const card = valueAt(data, 'card');
  const token = textAt(card, 'token');
  const email = textAt(data, 'customer', 'email');
  if (token === null || email === null) return null;
  const brand = (textAt(card, 'type') ?? 'Card').trim();
  const last4 = textAt(card, 'last_4digits');
  return {
    token,
    kind: 'card',
    label: last4 === null ? brand : `${brand} ending in ${last4}`,
    fingerprint: null,
    email,
    providerCustomerId: null,
  };
}
