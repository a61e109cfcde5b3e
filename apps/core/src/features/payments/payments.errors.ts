import { defineError } from '../../platform/errors/define-error.js';

export const noPaymentMethod = defineError('no_payment_method', 409, 'There is no payment method to charge');
export const paymentNotSucceeded = defineError('payment_not_succeeded', 409, 'The payment has not succeeded');
