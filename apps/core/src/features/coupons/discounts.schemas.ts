import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { DISCOUNT_STATUSES } from './discount-wire.js';

const reference = z.string().min(1).max(255);

/** How a request names a coupon: by its id, or by the code that somebody typed in. */
export const couponNames = {
  couponId: reference.optional().meta({ description: 'A coupon, by its id or external id.' }),
  couponCode: z.string().min(1).max(60).optional().meta({ description: 'As the customer typed it.' }),
};

export const AttachDiscountSchema = z
  .strictObject({
    ...couponNames,
    subscriptionId: reference.optional().meta({
      description: 'Only for this subscription of the customer’s, by its id or external id.',
    }),
  })
  .superRefine(({ couponId, couponCode }, check) => {
    if ((couponId === undefined) !== (couponCode === undefined)) return;
    const message = 'is needed, or couponCode, and not both';
    check.addIssue({ code: 'custom', path: ['couponId'], message });
  })
  .meta({ id: 'AttachDiscount' });
export type AttachDiscountInput = z.infer<typeof AttachDiscountSchema>;

export const ListDiscountsQuerySchema = listQuery({
  status: z.enum(DISCOUNT_STATUSES).optional(),
  subscription: reference.optional(),
});
export type ListDiscountsQuery = z.infer<typeof ListDiscountsQuerySchema>;
