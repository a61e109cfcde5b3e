import { textAt, valueAt } from '../json-fields.js';
import { unknown, type VerifyOutcome } from '../outcomes.js';
import { inDoubt, isDecided } from '../undecided.js';
import { hasWorked, type PaystackApi } from './paystack-api.js';
import { transactionOutcome } from './transaction-outcome.js';

/** `GET /transaction/verify/:reference`. */
export async function verifyTransaction(api: PaystackApi, reference: string): Promise<VerifyOutcome> {
  const answer = await api.call({ method: 'GET', path: ['transaction', 'verify', reference] });
  if (!isDecided(answer)) return inDoubt(answer);
  if (hasWorked(answer)) {
    return transactionOutcome(valueAt(answer.body, 'data'), { reference, mode: api.mode });
  }
  const message = textAt(answer.body, 'message') ?? '';
  const isMissing = answer.status === 404 || (answer.status === 400 && /not found/i.test(message));
  // Anything else, such as a key that was revoked, says nothing of the charge.
  return isMissing ? { kind: 'not_found' } : unknown(message === '' ? `HTTP ${answer.status}` : message);
}
