import { constants, createPublicKey, publicEncrypt, X509Certificate } from 'node:crypto';

import { toRefundAmount } from '../../../../domain/payments/provider-amounts.js';
import type { MpesaCredentials } from '../credentials.js';
import { textAt } from '../json-fields.js';
import { type RefundOutcome, type RefundState, unknown } from '../outcomes.js';
import type { RefundOrder } from '../payment-provider.js';
import type { MpesaApi } from './mpesa-api.js';
import { type MpesaAnswer, refusalOf } from './refusals.js';
import { kenyanPhone } from './stk-push.js';
import { MPESA_TOPICS } from './topics.js';

type Initiator = NonNullable<MpesaCredentials['initiator']>;

/**
 * Gives money back: all of a payment by reversing it, a part by a B2C payment to whoever paid, since Safaricom reverses
 * whole payments only. Either is acknowledged now and told of by a callback later.
 */
export async function refund(api: MpesaApi, order: RefundOrder): Promise<RefundOutcome> {
  const given = toRefundAmount('mpesa', order);
  if ('refused' in given) return failed(given.refused, 'M-Pesa gives back whole shillings.');
  const { initiator } = api.account.credentials;
  if (!initiator) return failed('initiator_missing', 'The account has no initiator, which refunds take.');
  const isWhole = order.amount === order.payment.amount;
  return isWhole ? reverse(api, initiator, order, given.text) : payBack(api, initiator, order, given.text);
}

/** Asked for twice it is done once: the second answer is that it was. */
async function reverse(
  api: MpesaApi,
  initiator: Initiator,
  order: RefundOrder,
  amount: string,
): Promise<RefundOutcome> {
  if (order.payment.receipt === null)
    return failed('receipt_unknown', 'The receipt of the payment is not known.');
  const answer = await api.post(['mpesa', 'reversal', 'v1', 'request'], {
    Initiator: initiator.name,
    SecurityCredential: securityCredential(initiator),
    CommandID: 'TransactionReversal',
    TransactionID: order.payment.receipt,
    Amount: Number(amount),
    ReceiverParty: api.account.credentials.shortcode,
    // Safaricom spells it so.
    RecieverIdentifierType: '11',
    ...resultAddresses(api, MPESA_TOPICS.reversal),
    Remarks: 'Refund',
    Occasion: order.reference,
  });
  return acknowledged(answer);
}

/** `OriginatorConversationID` makes it idempotent: that it was used before says that the payment was taken then. */
async function payBack(
  api: MpesaApi,
  initiator: Initiator,
  order: RefundOrder,
  amount: string,
): Promise<RefundOutcome> {
  const phone = kenyanPhone(order.payment.payer);
  if (initiator.disbursementShortcode === undefined) {
    return failed(
      'partial_refund_not_offered',
      'The account has no short code to pay out from, which refunds of a part take.',
    );
  }
  if (phone === null) return failed('payer_unknown', 'The phone that paid is not known.');
  const answer = await api.post(['mpesa', 'b2c', 'v3', 'paymentrequest'], {
    OriginatorConversationID: order.reference,
    InitiatorName: initiator.name,
    SecurityCredential: securityCredential(initiator),
    CommandID: 'BusinessPayment',
    Amount: Number(amount),
    PartyA: initiator.disbursementShortcode,
    PartyB: phone,
    // What was paid, for whoever reads the statement.
    Remarks: order.payment.receipt === null ? 'Refund' : `Refund of ${order.payment.receipt}`,
    ...resultAddresses(api, MPESA_TOPICS.payout),
    // Safaricom spells it so.
    Occassion: order.reference,
  });
  const isDuplicate = answer.kind === 'answer' && textAt(answer.body, 'errorCode') === '500.002.1001';
  return isDuplicate ? { kind: 'pending', providerRefundId: order.reference } : acknowledged(answer);
}

function acknowledged(answer: MpesaAnswer): RefundOutcome {
  const refusal = refusalOf(answer);
  if (refusal?.kind === 'unknown') return refusal;
  if (refusal) return failed(refusal.code, refusal.message);
  const body = answer.kind === 'answer' ? answer.body : null;
  const code = textAt(body, 'ResponseCode');
  if (code !== '0')
    return failed(code ?? 'refused', textAt(body, 'ResponseDescription') ?? 'M-Pesa refused the refund.');
  const providerRefundId = textAt(body, 'OriginatorConversationID');
  return providerRefundId === null
    ? unknown('M-Pesa took a refund and did not name it.')
    : { kind: 'pending', providerRefundId };
}

/**
 * Nothing but the callback tells of a refund. One that was acknowledged waits for it; one whose acknowledgement was lost is
 * sent again, which neither reverses nor pays twice.
 */
export function refundState({ providerRefundId }: RefundOrder): RefundState {
  return providerRefundId === null ? { kind: 'not_found' } : { kind: 'pending', providerRefundId };
}

function resultAddresses(api: MpesaApi, what: string) {
  const address = `${api.account.webhookUrl}/${what}`;
  return { ResultURL: address, QueueTimeOutURL: `${address}-timeout` };
}

/** The initiator's password for Safaricom's eyes only: RSA, PKCS #1 v1.5, by the certificate of the environment. */
function securityCredential({ password, certificate }: Initiator): string {
  const key = certificate.includes('BEGIN CERTIFICATE')
    ? new X509Certificate(certificate).publicKey
    : createPublicKey(certificate);
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(password)).toString(
    'base64',
  );
}

function failed(code: string, message: string): RefundOutcome {
  return { kind: 'failed', code, message };
}
