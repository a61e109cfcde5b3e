/** What moves a customer's balance. */
export const BALANCE_ENTRY_KINDS = [
  'credit_note',
  'credit_note_void',
  'invoice',
  'invoice_void',
  'adjustment',
  'payment_excess',
  'refund',
  'refund_failed',
  'wallet_close',
] as const;
export type BalanceEntryKind = (typeof BALANCE_ENTRY_KINDS)[number];
