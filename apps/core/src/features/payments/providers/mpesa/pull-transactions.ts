import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import type { LosslessJson } from '../../../../platform/http-client/read-json.js';
import { listAt, textAt } from '../json-fields.js';
import { unknown, type VerifyOutcome } from '../outcomes.js';
import type { BookedCharge, ChargeQuery, Reconciliation } from '../payment-provider.js';
import { eastAfricanTimestamp, type MpesaApi } from './mpesa-api.js';
import { realSince } from '../real-since.js';
import { refusalOf } from './refusals.js';
import { shortReference } from './short-reference.js';

/** A push has ended this long after it was sent, whatever its payer did. */
const PUSH_ENDS_MS = 15 * 60_000;
/** What the books of the account reach back. */
const BOOKS_REACH_MS = 48 * 3_600_000;
const FOUND = '1000';
const NOTHING_FOUND = '1001';

type Pulled =
  { readonly kind: 'pulled'; readonly rows: readonly LosslessJson[] } | ReturnType<typeof unknown>;

/** `POST /pulltransactions/v1/query`: what was paid to the short code in a span of time, of the last 48 hours. */
async function pull(api: MpesaApi, { from, to }: { from: Date; to: Date }): Promise<Pulled> {
  const answer = await api.post(['pulltransactions', 'v1', 'query'], {
    ShortCode: api.account.credentials.shortcode,
    StartDate: pullDate(from),
    // Of whole seconds: what was paid in the last of them is in it.
    EndDate: pullDate(new Date(to.getTime() + 999)),
    OffSetValue: '0',
  });
  const refusal = refusalOf(answer);
  if (refusal) return unknown(refusal.message);
  const body = answer.kind === 'answer' ? answer.body : null;
  const code = textAt(body, 'ResponseCode');
  if (code === NOTHING_FOUND) return { kind: 'pulled', rows: [] };
  if (code !== FOUND) return unknown(textAt(body, 'ResponseMessage') ?? 'M-Pesa did not list the payments.');
  const rows = listAt(body, 'Response');
  return {
    kind: 'pulled',
    rows: rows.flatMap((row) => (Array.isArray(row) ? (row as LosslessJson[]) : [row])),
  };
}

/** Looks for a push whose name was lost, by the reference that its payer saw. */
export async function findPulledPayment(
  api: MpesaApi,
  query: ChargeQuery,
  now: Date,
): Promise<VerifyOutcome> {
  const { createdAt, reference } = query;
  if (now.getTime() - createdAt.getTime() > BOOKS_REACH_MS) {
    return unknown('The push is too long ago to be looked for in the account’s books.');
  }
  const to = api.now();
  const from = new Date(realSince(api.account.mode, { createdAt, now: to }).getTime() - 60_000);
  const pulled = await pull(api, { from, to });
  if (pulled.kind !== 'pulled') return pulled;
  const row = pulled.rows.find((one) => textAt(one, 'billreference') === shortReference(reference));
  const [charge] = row === undefined ? [] : bookedCharge(row);
  if (charge && charge.amount !== null) {
    const { providerPaymentId, amount, currency } = charge;
    return { kind: 'succeeded', providerPaymentId, amount, currency, receipt: providerPaymentId };
  }
  const isOver = now.getTime() - createdAt.getTime() > PUSH_ENDS_MS;
  return isOver ? { kind: 'not_found' } : unknown('The push may still be on the phone.');
}

/** The payments to the account in a span of time. */
export async function reconcile(api: MpesaApi, window: { from: Date; to: Date }): Promise<Reconciliation> {
  const pulled = await pull(api, window);
  return pulled.kind === 'pulled'
    ? { kind: 'listed', charges: pulled.rows.flatMap((row) => bookedCharge(row)) }
    : pulled;
}

function bookedCharge(row: unknown): BookedCharge[] {
  const providerPaymentId = textAt(row, 'transactionId') ?? textAt(row, 'TransID');
  const text = textAt(row, 'amount') ?? textAt(row, 'TransAmount');
  if (providerPaymentId === null || text === null) return [];
  return [
    {
      reference: textAt(row, 'billreference'),
      providerPaymentId,
      amount: fromProviderAmount('mpesa', { text, currency: 'KES' }),
      currency: 'KES',
    },
  ];
}

/** `2026-01-01 12:00:00`, in East African time. */
function pullDate(moment: Date): string {
  return eastAfricanTimestamp(moment).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6');
}
