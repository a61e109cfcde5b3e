/**
 * Cases of open billing engines on dunning, restated. Lago's campaigns and Kill Bill's overdue states are of a customer;
 * dunning here is of an invoice, as with Stripe and Polar, and each invoice has its own. What days they come to is the
 * same, and is run.
 */

/**
 * Kill Bill, `kbit-overdue-1`: three states by whole days since the invoice. Here they are two steps and the end; the source
 * looked a day after each, because its clock was moved so far.
 */
export const OVERDUE_STATES_CASE = {
  id: 'kbit-overdue-1',
  firstUnpaid: '2013-08-31',
  thresholds: [30, 40, 50],
  stateOn: [
    { date: '2013-10-01', state: 1 },
    { date: '2013-10-11', state: 2 },
    { date: '2013-10-21', state: 3 },
  ],
} as const;

/**
 * Lago, `lago-dunning-flow`: two attempts two days apart, of which the next comes when more than two days have passed: on
 * the third. It begins where the invoice is overdue. Lago asks for one payment of all overdue invoices (`155.00`) once they
 * come to a threshold (`150.00`): that is no rule here, where each invoice is asked for by itself.
 */
export const CAMPAIGN_CASE = {
  id: 'lago-dunning-flow',
  overdueFrom: '2025-01-07',
  offsets: [0, 3],
  attempts: ['2025-01-07', '2025-01-10'],
  noAttemptOn: ['2025-01-04', '2025-01-08', '2025-01-09', '2025-01-13'],
} as const;
