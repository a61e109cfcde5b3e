/** How the source of a refund begins whose money is taken out of the customer's balance. */
export const FROM_BALANCE = 'balance:';
/** The same of money that came when its invoice could take none. */
export const UNSETTLED = 'unsettled:';
/** The same of money that was more than was due, and went to the balance. */
export const FROM_EXCESS = `${FROM_BALANCE}excess:`;
/** The same of money that was parked and never became a payment. */
export const UNMATCHED = 'unmatched:';
