import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { listAt, textAt } from '../json-fields.js';
import { unknown } from '../outcomes.js';
import type { AccountCheck, BookedCharge, Reconciliation } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { type FlutterwaveApi, hasWorked, refusalOf } from './flutterwave-api.js';

const PAGES_MAX = 1_000;

/** `GET /transactions`: the charges that succeeded on the days of a span of time. */
export async function listTransactions(
  api: FlutterwaveApi,
  { from, to }: { from: Date; to: Date },
): Promise<Reconciliation> {
  const charges: BookedCharge[] = [];
  for (let page = 1; page <= PAGES_MAX; page++) {
    const answer = await api.call({
      method: 'GET',
      path: ['transactions'],
      query: { from: dayOf(from), to: dayOf(to), status: 'successful', page: String(page) },
    });
    if (!isDecided(answer)) return inDoubt(answer);
    if (!hasWorked(answer)) return unknown(refusalOf(answer).message);
    const rows = listAt(answer.body, 'data');
    charges.push(...rows.flatMap((row) => bookedCharge(row)));
    const pages = Number(textAt(answer.body, 'meta', 'page_info', 'total_pages') ?? '1');
    if (rows.length === 0 || page >= pages) return { kind: 'listed', charges };
  }
  return unknown('There are more transactions than are read at once.');
}

function bookedCharge(row: unknown): BookedCharge[] {
  const providerPaymentId = textAt(row, 'id');
  const currency = textAt(row, 'currency');
  const text = textAt(row, 'amount');
  if (providerPaymentId === null || currency === null || text === null) return [];
  const amount = fromProviderAmount('flutterwave', { text, currency });
  return [{ reference: textAt(row, 'tx_ref'), providerPaymentId, amount, currency }];
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Asks for a reference that nobody has: with a key that is good the answer is that there is none. */
export async function checkAccount(api: FlutterwaveApi): Promise<AccountCheck> {
  const answer = await api.call({
    method: 'GET',
    path: ['transactions', 'verify_by_reference'],
    query: { tx_ref: 'novabilling-account-check' },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  const message = refusalOf(answer).message;
  if (hasWorked(answer) || /no transaction was found/i.test(message)) return { kind: 'ok' };
  return { kind: 'refused', message };
}
