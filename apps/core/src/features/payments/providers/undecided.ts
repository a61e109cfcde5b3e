import type { NoAnswer } from '../../../platform/http-client/guarded-calls.js';
import type { HttpAnswer } from '../../../platform/http-client/http-client.js';
import { unknown } from './outcomes.js';

/** Refusals that do not say that nothing was done: too slow, in conflict with a call under way, too early, too many. */
const UNCERTAIN_REFUSALS: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * Why nothing can be concluded from an answer; null when it can be. Whatever is no clear word of the provider's is
 * undecided: a charge may have been made behind a 502, a redirect or half a body.
 */
export function undecided(answer: HttpAnswer | NoAnswer): string | null {
  if (answer.kind === 'no_answer') return answer.reason;
  const { status, body } = answer;
  if (status >= 500 || status < 200 || (status >= 300 && status < 400) || UNCERTAIN_REFUSALS.has(status)) {
    return `HTTP ${status}`;
  }
  return typeof body === 'object' && body !== null ? null : `HTTP ${status} without JSON`;
}

/** Whether something can be concluded from an answer. */
export function isDecided(answer: HttpAnswer | NoAnswer): answer is HttpAnswer {
  return undecided(answer) === null;
}

/** The outcome of a call from whose answer nothing can be concluded. */
export function inDoubt(answer: HttpAnswer | NoAnswer): ReturnType<typeof unknown> {
  return unknown(undecided(answer) ?? 'no answer');
}
