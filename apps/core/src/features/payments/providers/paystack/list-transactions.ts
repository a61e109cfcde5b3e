import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { listAt, textAt } from '../json-fields.js';
import { unknown } from '../outcomes.js';
import type { AccountCheck, BookedCharge, Reconciliation } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { hasWorked, type PaystackApi, refusalOf } from './paystack-api.js';

const PAGE = 100;
const PAGES_MAX = 100;

/** `GET /transaction`: the charges that succeeded in a span of time. */
export async function listTransactions(
  api: PaystackApi,
  { from, to }: { from: Date; to: Date },
): Promise<Reconciliation> {
  const charges: BookedCharge[] = [];
  for (let page = 1; page <= PAGES_MAX; page++) {
    const answer = await api.call({
      method: 'GET',
      path: ['transaction'],
      query: {
        status: 'success',
        from: from.toISOString(),
        to: to.toISOString(),
        perPage: String(PAGE),
        page: String(page),
      },
    });
    if (!isDecided(answer)) return inDoubt(answer);
    if (!hasWorked(answer)) return unknown(refusalOf(answer.body).message);
    const rows = listAt(answer.body, 'data');
    charges.push(...rows.flatMap((row) => bookedCharge(row)));
    if (rows.length < PAGE) return { kind: 'listed', charges };
  }
  return unknown('There are more transactions than are read at once.');
}

function bookedCharge(row: unknown): BookedCharge[] {
  const providerPaymentId = textAt(row, 'id');
  const currency = textAt(row, 'currency');
  const text = textAt(row, 'requested_amount') ?? textAt(row, 'amount');
  if (providerPaymentId === null || currency === null || text === null) return [];
  const amount = fromProviderAmount('paystack', { text, currency });
  return [{ reference: textAt(row, 'reference'), providerPaymentId, amount, currency }];
}

/** Reads one transaction of the list, which takes a key and changes nothing. */
export async function checkAccount(api: PaystackApi): Promise<AccountCheck> {
  const answer = await api.call({ method: 'GET', path: ['transaction'], query: { perPage: '1' } });
  if (!isDecided(answer)) return inDoubt(answer);
  return hasWorked(answer) ? { kind: 'ok' } : { kind: 'refused', message: refusalOf(answer.body).message };
}
