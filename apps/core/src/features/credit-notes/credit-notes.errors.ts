import { defineError } from '../../platform/errors/define-error.js';

export const invoiceNotCreditable = defineError(
  'invoice_not_creditable',
  409,
  'Nothing can be credited of the invoice',
);
export const creditExceedsInvoice = defineError(
  'credit_exceeds_invoice',
  409,
  'The credit is more than what is left of the invoice',
);
export const refundExceedsPayments = defineError(
  'refund_exceeds_payments',
  409,
  'The refund is more than the money that can go back',
);
export const creditNoteNotVoidable = defineError(
  'credit_note_not_voidable',
  409,
  'The credit note cannot be voided',
);
