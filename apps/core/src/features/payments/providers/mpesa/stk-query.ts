import { declinedByMpesa } from '../declines.js';
import { textAt } from '../json-fields.js';
import { unknown, type VerifyOutcome } from '../outcomes.js';
import type { ChargeQuery } from '../payment-provider.js';
import type { MpesaApi } from './mpesa-api.js';
import { findPulledPayment } from './pull-transactions.js';
import { refusalOf } from './refusals.js';
import { signedFields } from './stk-push.js';

/** Result codes after which the money may come all the same, as long as the push is young. */
const NOT_FINAL_AT_FIRST: ReadonlySet<string> = new Set(['1037', '1019']);
const YOUNG_MS = 5 * 60_000;
const ASK_AGAIN_MS = 30_000;

/**
 * `POST /mpesa/stkpushquery/v1/query`. It tells of the outcome and neither sum nor receipt; the sum is the one that the push
 * asked for, which a payer cannot change. A push that was never named is looked for in the account's own books.
 */
export async function stkQuery(api: MpesaApi, query: ChargeQuery, now: Date): Promise<VerifyOutcome> {
  const { providerPaymentId, amount, currency } = query;
  if (providerPaymentId === null) return findPulledPayment(api, query, now);
  const answer = await api.post(['mpesa', 'stkpushquery', 'v1', 'query'], {
    ...signedFields(api),
    CheckoutRequestID: providerPaymentId,
  });
  const pending = { kind: 'pending', providerPaymentId, checkAfterMs: ASK_AGAIN_MS } as const;
  if (answer.kind === 'answer' && isUnderWay(answer.body)) return pending;
  const refusal = refusalOf(answer);
  if (refusal) return unknown(refusal.message);
  const body = answer.kind === 'answer' ? answer.body : null;
  const code = textAt(body, 'ResultCode');
  if (code === null) return unknown('M-Pesa answered without a result.');
  if (code === '0') return { kind: 'succeeded', providerPaymentId, amount, currency };
  const isYoung = now.getTime() - query.createdAt.getTime() < YOUNG_MS;
  if (NOT_FINAL_AT_FIRST.has(code) && isYoung) return pending;
  return declinedByMpesa(code, textAt(body, 'ResultDesc'));
}

/** Said in two ways: HTTP 500 with an error, or HTTP 200 with a result code of its own. */
function isUnderWay(body: unknown): boolean {
  const isBeingProcessed =
    textAt(body, 'errorCode') === '500.001.1001' &&
    /being processed/i.test(textAt(body, 'errorMessage') ?? '');
  return isBeingProcessed || textAt(body, 'ResultCode') === '4999';
}
