import { stateMachine } from '../state-machine.js';

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';

/** `settle` is what happens when nothing is due any more, however that came about. */
export type InvoiceVerb = 'edit' | 'finalize' | 'settle' | 'void' | 'mark_uncollectible';

/**
 * A draft may still change or be deleted; from `open` on the document stands as it was issued. An invoice that is
 * given up stays owed: it may yet be paid, or be taken back as issued in error.
 */
export const invoiceStates = stateMachine<InvoiceStatus, InvoiceVerb>('an invoice', {
  draft: { edit: 'draft', finalize: 'open' },
  open: { settle: 'paid', void: 'void', mark_uncollectible: 'uncollectible' },
  paid: {},
  void: {},
  uncollectible: { settle: 'paid', void: 'void' },
});
