import { toProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { textAt } from '../json-fields.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import { attemptDigest } from './attempt-digest.js';
import type { MpesaApi } from './mpesa-api.js';
import { refusalOf } from './refusals.js';
import { shortReference } from './short-reference.js';
import { MPESA_TOPICS } from './topics.js';

/** Most people have entered their PIN by then. */
const CHECK_AFTER_MS = 30_000;

export interface Push {
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly phone: string | null;
}

/**
 * `POST /mpesa/stkpush/v1/processrequest`: asks the customer's phone for the PIN. It has no key that makes it idempotent,
 * and one whose answer was lost may still reach the phone, so it is never sent again by itself.
 */
export async function stkPush(api: MpesaApi, push: Push): Promise<ChargeOutcome> {
  const given = toProviderAmount('mpesa', push);
  if ('refused' in given) return rejected(given.refused, 'M-Pesa takes whole shillings, from 1 to 250,000.');
  const phone = kenyanPhone(push.phone);
  if (phone === null) return rejected('phone_missing', 'M-Pesa takes a Kenyan phone number.');
  const { shortcode, till } = api.account.credentials;
  const answer = await api.post(['mpesa', 'stkpush', 'v1', 'processrequest'], {
    ...signedFields(api),
    TransactionType: till === undefined ? 'CustomerPayBillOnline' : 'CustomerBuyGoodsOnline',
    Amount: Number(given.text),
    PartyA: phone,
    PartyB: till ?? shortcode,
    PhoneNumber: phone,
    CallBackURL: `${api.account.webhookUrl}/${MPESA_TOPICS.push}/${attemptDigest(push.reference)}`,
    AccountReference: shortReference(push.reference),
    TransactionDesc: 'Invoice',
  });
  const refusal = refusalOf(answer);
  if (refusal) return refusal;
  const body = answer.kind === 'answer' ? answer.body : null;
  const providerPaymentId = textAt(body, 'CheckoutRequestID');
  const code = textAt(body, 'ResponseCode');
  if (code !== '0')
    return rejected(code ?? 'refused', textAt(body, 'ResponseDescription') ?? 'M-Pesa refused the push.');
  return providerPaymentId === null
    ? unknown('M-Pesa sent a push and did not name it.')
    : { kind: 'pending', providerPaymentId, checkAfterMs: CHECK_AFTER_MS };
}

/** Who calls, as pushes and questions about them prove it. */
export function signedFields(api: MpesaApi) {
  const { shortcode, passkey } = api.account.credentials;
  const timestamp = api.timestamp();
  const password = Buffer.from(`${shortcode}${passkey}${timestamp}`).toString('base64');
  return { BusinessShortCode: shortcode, Password: password, Timestamp: timestamp };
}

/** A phone number as M-Pesa writes it, `254712345678`; null for one that is not Kenyan. */
export function kenyanPhone(phone: string | null): string | null {
  const digits = (phone ?? '').replaceAll(/[\s()+-]/g, '');
  const national = /^(?:254|0)([17]\d{8})$/.exec(digits)?.[1];
  return national === undefined ? null : `254${national}`;
}
