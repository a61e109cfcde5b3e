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
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? null : `HTTP ${status} without an object of JSON`;
}

/**
 * The answer, if its body has the form that the provider gives to all it says; else none: what says 200 or 404 for it, a
 * gateway or a page of maintenance, does not know what was done. That a key is not good is believed of anybody.
 */
export function inForm<T extends HttpAnswer | NoAnswer>(
  answer: T,
  isForm: (body: HttpAnswer['body']) => boolean,
): T | NoAnswer {
  if (answer.kind === 'no_answer' || answer.status === 401 || answer.status === 403) return answer;
  if (undecided(answer) !== null || isForm(answer.body)) return answer;
  return { kind: 'no_answer', reason: `HTTP ${answer.status} in a form of its own`, sent: 'perhaps' };
}

/** Whether something can be concluded from an answer. */
export function isDecided(answer: HttpAnswer | NoAnswer): answer is HttpAnswer {
  return undecided(answer) === null;
}

/** The outcome of a call from whose answer nothing can be concluded. */
export function inDoubt(answer: HttpAnswer | NoAnswer): ReturnType<typeof unknown> {
  return unknown(undecided(answer) ?? 'no answer');
}
