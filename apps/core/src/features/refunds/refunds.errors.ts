import { defineError } from '../../platform/errors/define-error.js';

export const paymentNotRefundable = defineError(
  'payment_not_refundable',
  409,
  'The payment cannot be refunded that way',
);
export const refundNotRetryable = defineError(
  'refund_not_retryable',
  409,
  'The refund cannot be tried again',
);
export const refundNotManual = defineError('refund_not_manual', 409, 'The refund is not paid back by hand');
