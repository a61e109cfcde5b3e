import { textAt, valueAt } from '../json-fields.js';
import { unknown, type VerifyOutcome } from '../outcomes.js';
import type { ChargeQuery } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { type FlutterwaveApi, hasWorked } from './flutterwave-api.js';
import { transactionOutcome } from './transaction-outcome.js';

type Named = Pick<ChargeQuery, 'reference' | 'providerPaymentId'>;

/**
 * `GET /transactions/:id/verify`, or by our reference while the id is not known. Several transactions may have one
 * reference, since a hosted page lets a card that failed be followed by another: a failure of the one that is known is
 * looked past at what the reference has.
 */
export async function verifyTransaction(
  api: FlutterwaveApi,
  { reference, providerPaymentId }: Named,
): Promise<VerifyOutcome> {
  if (providerPaymentId !== null) {
    const known = await ask(api, reference, ['transactions', providerPaymentId, 'verify']);
    if (known.kind !== 'declined' && known.kind !== 'not_found') return known;
  }
  return ask(api, reference, ['transactions', 'verify_by_reference']);
}

async function ask(api: FlutterwaveApi, reference: string, path: readonly string[]): Promise<VerifyOutcome> {
  const answer = await api.call({
    method: 'GET',
    path,
    ...(path.length === 2 ? { query: { tx_ref: reference } } : {}),
  });
  if (!isDecided(answer)) return inDoubt(answer);
  if (hasWorked(answer)) return transactionOutcome(valueAt(answer.body, 'data'), reference);
  const message = textAt(answer.body, 'message') ?? '';
  // Told by 200, 400 or 404 alike.
  return /no transaction was found/i.test(message) ? { kind: 'not_found' } : unknown(message);
}
