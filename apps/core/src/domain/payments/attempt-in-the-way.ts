/** An attempt that has not ended, as far as it matters to a customer who wants to pay now. */
export interface OpenAttempt {
  readonly provider: string;
  readonly amount: bigint;
  readonly status: 'created' | 'pending';
  /** Charged without the customer: a saved method's. */
  readonly isAutomatic: boolean;
  /** Its provider asks a phone and shows no page. */
  readonly isPushed: boolean;
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
  // Without an address that came back nobody was shown a page: nothing of it can be paid, unless it went to a phone.
  if (open.status === 'pending') return open.isAutomatic || open.isPushed ? 'ask' : 'supersede';
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
