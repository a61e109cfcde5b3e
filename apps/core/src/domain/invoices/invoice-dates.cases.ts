/**
 * Cases of Lago on the date and the number of an invoice, restated: the day of billing is the first day after the
 * period, an invoice with grace is finalised that many days later.
 */
export const ISSUE_DATE_CASES = [
  { id: 'lago-issue-keep-end', rule: 'period_end', graceDays: 3, daysFromBillingDay: -1 },
  { id: 'lago-issue-align-next', rule: 'finalization', graceDays: 3, daysFromBillingDay: 3 },
] as const;

/** A series for each customer: three customers, three rounds. Theirs pads to three digits, ours to six. */
export const NUMBERING_CASE = {
  id: 'lago-number-customer',
  prefixes: ['BENT-1-001', 'BENT-1-002', 'BENT-1-003'],
  rounds: 3,
  numbers: [
    'BENT-1-001-000001',
    'BENT-1-002-000001',
    'BENT-1-003-000001',
    'BENT-1-001-000002',
    'BENT-1-002-000002',
    'BENT-1-003-000002',
    'BENT-1-001-000003',
    'BENT-1-002-000003',
    'BENT-1-003-000003',
  ],
} as const;

/** The dates of `lago-dunning-flow`: two days to pay, overdue from the day after. */
export const OVERDUE_CASES = [
  { issued: '2025-01-01', due: '2025-01-03', overdueFrom: '2025-01-04' },
  { issued: '2025-01-04', due: '2025-01-06', overdueFrom: '2025-01-07' },
] as const;
