import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import type { HttpAnswer } from '../../../../platform/http-client/http-client.js';
import { textAt } from '../json-fields.js';
import { type ChargeOutcome, rejected, unknown } from '../outcomes.js';
import { undecided } from '../undecided.js';
import type { TokenResult } from './access-token.js';

export type MpesaAnswer = HttpAnswer | NoAnswer | Exclude<TokenResult, { kind: 'token' }>;

/** What a gateway error of Daraja's means for a call that makes a payment; null when it is no gateway error. */
type Refusal = Extract<ChargeOutcome, { kind: 'declined' | 'rejected' | 'unknown' }>;

/**
 * Why Daraja did not take a request; null when it did. Its code 500.001.1001 means very different things, so that the words
 * decide; of what is busy or over a quota (also HTTP 500) nothing can be concluded.
 */
export function refusalOf(answer: MpesaAnswer): Refusal | null {
  if (answer.kind === 'refused') return rejected('invalid_credentials', answer.message);
  if (answer.kind === 'unknown') return unknown(answer.message);
  const code = answer.kind === 'answer' ? textAt(answer.body, 'errorCode') : null;
  const message = answer.kind === 'answer' ? (textAt(answer.body, 'errorMessage') ?? '') : '';
  if (code === '500.001.1001') return refusalInWords(message);
  const doubt = undecided(answer);
  if (doubt !== null) return unknown(code === null ? doubt : `${code} ${message}`);
  return code === null ? null : rejected(code, message);
}

function refusalInWords(message: string): Refusal {
  if (/unable to lock subscriber|already in process|another transaction/i.test(message)) {
    return { kind: 'declined', code: 'subscriber_busy', message, retryable: true };
  }
  if (/wrong credentials|merchant does not exist|invalid (shortcode|credentials)/i.test(message)) {
    return rejected('invalid_credentials', message);
  }
  return unknown(message);
}
