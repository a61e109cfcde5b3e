import { stateMachine } from '../state-machine.js';

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'void';

/** `settle` is what happens when nothing is due any more, however that came about. */
export type InvoiceVerb = 'edit' | 'finalize' | 'settle' | 'void';

/** A draft may still change or be deleted; from `open` on the document stands as it was issued. */
export const invoiceStates = stateMachine<InvoiceStatus, InvoiceVerb>('an invoice', {
  draft: { edit: 'draft', finalize: 'open' },
  open: { settle: 'paid', void: 'void' },
  paid: {},
  void: {},
});
