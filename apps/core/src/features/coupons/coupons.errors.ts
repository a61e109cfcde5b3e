import { defineError } from '../../platform/errors/define-error.js';

export const couponCodeTaken = defineError('coupon_code_taken', 409, 'Another coupon has this code');
export const couponInUse = defineError('coupon_in_use', 409, 'Somebody has the coupon');
export const couponNotRedeemable = defineError(
  'coupon_not_redeemable',
  409,
  'The coupon cannot be redeemed any more',
);
export const couponAlreadyApplied = defineError(
  'coupon_already_applied',
  409,
  'The customer or subscription has the coupon already',
);
