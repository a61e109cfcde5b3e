/** An attempt that has not ended, as far as it matters to a customer who wants to pay now. */
export interface OpenAttempt {
  readonly provider: string;
  readonly amount: bigint;
  readonly status: 'created' | 'pending';
  /** Charged without the customer: a saved method's. */
  readonly isAutomatic: boolean;
  /** Where the customer has something to do, when the provider said so. */
  readonly actionUrl: string | null;
  readonly savesMethod: boolean;
  readonly checkoutSessionId: string | null;
  readonly createdAt: Date;
}

/** What the customer wants instead. */
export type WantedAttempt = Pick<OpenAttempt, 'provider' | 'amount' | 'savesMethod' | 'checkoutSessionId'>;

/**
 * `give_back` is the same page again; `supersede` ends it once its provider says that it is not paid; `ask` lets it
 * go on unless its provider says that it has ended; `wait` leaves it alone.
 */
export type WayPast = 'give_back' | 'supersede' | 'ask' | 'wait';

/**
 * How long a push whose answer was lost may reach a phone, and a call may take that opens a page. A second push before
 * that could be paid beside the first: Safaricom refuses the same sum within two minutes.
 */
const MAY_BE_UNDER_WAY_MS = 120_000;

/** What becomes of the one attempt that an invoice may have, when a customer begins to pay it. */
export function wayPast(open: OpenAttempt, wanted: WantedAttempt, now: Date): WayPast {
  if (open.actionUrl !== null) return isSamePage(open, wanted) ? 'give_back' : 'supersede';
  if (open.status === 'pending') return 'ask';
  // Nobody was shown a page of it, and who made the call is long gone.
  const age = now.getTime() - open.createdAt.getTime();
  return !open.isAutomatic && age >= MAY_BE_UNDER_WAY_MS ? 'supersede' : 'wait';
}

/** A page that asks for the customer's word on a saved card saves nothing more, whatever is wanted. */
function isSamePage(open: OpenAttempt, wanted: WantedAttempt): boolean {
  if (open.provider !== wanted.provider || open.amount !== wanted.amount) return false;
  return (
    open.isAutomatic ||
    (open.savesMethod === wanted.savesMethod && open.checkoutSessionId === wanted.checkoutSessionId)
  );
}
