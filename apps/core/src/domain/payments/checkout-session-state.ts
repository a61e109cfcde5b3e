import { stateMachine } from '../state-machine.js';

export type CheckoutSessionStatus = 'open' | 'complete' | 'expired';
export type CheckoutSessionVerb = 'complete' | 'expire';

/** Nobody begins to pay on a session that has expired; one whose money comes late is complete after all. */
export const checkoutSessionStates = stateMachine<CheckoutSessionStatus, CheckoutSessionVerb>(
  'a checkout session',
  {
    open: { complete: 'complete', expire: 'expired' },
    expired: { complete: 'complete' },
    complete: {},
  },
);

export interface SessionMoney {
  /** What the session asks for; null for all that is due. */
  readonly amount: bigint | null;
  /** What was paid through it. */
  readonly paid: bigint;
  /** Whether its invoice can still be paid, was paid with money, or is over without. */
  readonly invoice: 'payable' | 'paid' | 'over';
}

/**
 * What money, or the end of its invoice, does to a session: it is complete when its own sum was paid through it, or, when
 * it asked for all that is due or had a part in it, when nothing is due any more. With nothing left to pay it is over.
 */
export function afterMoney({ amount, paid, invoice }: SessionMoney): CheckoutSessionVerb | null {
  if (amount !== null && paid >= amount) return 'complete';
  if (invoice === 'paid') return amount === null || paid > 0n ? 'complete' : 'expire';
  return invoice === 'over' ? 'expire' : null;
}
