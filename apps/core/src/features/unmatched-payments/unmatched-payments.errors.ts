import { defineError } from '../../platform/errors/define-error.js';

export const unmatchedPaymentResolved = defineError(
  'unmatched_payment_resolved',
  409,
  'Something has become of the unmatched payment already',
);
export const unmatchedPaymentCurrency = defineError(
  'unmatched_payment_currency',
  409,
  'The unmatched payment is in another currency than the invoice',
);
export const unmatchedPaymentNotApplicable = defineError(
  'unmatched_payment_not_applicable',
  409,
  'The unmatched payment cannot go there',
);
