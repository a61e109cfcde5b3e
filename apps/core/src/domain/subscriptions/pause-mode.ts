/**
 * What a pause does to the money. `credit` credits the unused part of what was billed, and the cycle stays where it is;
 * `extend` moves the period's end by the days of the pause. In `keep_invoices` and `void_invoices` service stops and
 * billing goes on: the invoices stay drafts until someone decides, or are void at once.
 */
export type PauseMode = 'credit' | 'extend' | 'keep_invoices' | 'void_invoices';

/** Whether periods go on and are invoiced while a subscription is paused in this mode. */
export function bills(mode: PauseMode): boolean {
  return INVOICES[mode] !== 'none';
}

/** What becomes of the invoices of a pause. */
export function invoiceFate(mode: PauseMode): 'none' | 'draft' | 'void' {
  return INVOICES[mode];
}

const INVOICES: Record<PauseMode, 'none' | 'draft' | 'void'> = {
  credit: 'none',
  extend: 'none',
  keep_invoices: 'draft',
  void_invoices: 'void',
};
