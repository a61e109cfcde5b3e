import { defineError } from '../../platform/errors/define-error.js';

export const invoiceNotDraft = defineError('invoice_not_draft', 409, 'The invoice is no longer a draft');
export const invoiceNotOpen = defineError('invoice_not_open', 409, 'The invoice is not open');
export const invoiceNotVoidable = defineError('invoice_not_voidable', 409, 'The invoice cannot be voided');
export const invoiceHasNoLines = defineError('invoice_has_no_lines', 409, 'The invoice has no lines');
export const paymentExceedsAmountDue = defineError(
  'payment_exceeds_amount_due',
  409,
  'The payment is more than what is due',
);
export const invoicePaymentInFlight = defineError(
  'invoice_payment_in_flight',
  409,
  'A payment of the invoice is still under way',
);
export const customerHasNoEmail = defineError(
  'customer_has_no_email',
  409,
  'The customer has no e-mail address',
);
export const amountTooLarge = defineError('amount_too_large', 400, 'The amount is more than can be billed');
export const invoiceNotSendable = defineError('invoice_not_sendable', 409, 'The invoice cannot be sent');
