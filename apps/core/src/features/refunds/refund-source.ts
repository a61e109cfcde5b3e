/** How the source of a refund begins whose money is taken out of the customer's balance. */
export const FROM_BALANCE = 'balance:';
/** The same of money that came when its invoice could take none. */
export const UNSETTLED = 'unsettled:';
