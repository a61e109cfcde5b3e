import { defineError } from '../../platform/errors/define-error.js';

export const planLimitReached = defineError('plan_limit_reached', 402, 'The plan’s limit is reached');
export const platformBillingOff = defineError('platform_billing_off', 409, 'This platform bills nobody');
export const ownPlatform = defineError('own_platform', 409, 'The platform does not bill itself');
export const checkoutNotNeeded = defineError('checkout_not_needed', 409, 'There is nothing to check out');
export const checkoutRequired = defineError('checkout_required', 402, 'The plan has to be paid first');
export const paymentNotOffered = defineError(
  'payment_not_offered',
  409,
  'The platform takes no payments in this currency',
);
export const nothingToManage = defineError('nothing_to_manage', 409, 'There is nothing to pay or to manage');
export const nothingToCancel = defineError('nothing_to_cancel', 409, 'No plan is paid for');
