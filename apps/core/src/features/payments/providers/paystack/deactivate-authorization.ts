import { textAt } from '../json-fields.js';
import type { DetachOutcome } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { hasWorked, type PaystackApi, refusalOf } from './paystack-api.js';

/** `POST /customer/authorization/deactivate`: the card cannot be charged by anybody's key any more. */
export async function deactivateAuthorization(api: PaystackApi, token: string): Promise<DetachOutcome> {
  const answer = await api.call({
    method: 'POST',
    path: ['customer', 'authorization', 'deactivate'],
    body: { authorization_code: token },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  const words = textAt(answer.body, 'message') ?? '';
  // What was given up before, or never was, is given up.
  const isGone = /does not exist|deactivated|not found/i.test(words);
  return hasWorked(answer) || isGone ? { kind: 'detached' } : refusalOf(answer.body);
}
