import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';

export const PaymentMethodTokenSchema = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'The provider’s token of a payment method.', example: 'pm_sandbox_success' });

export const AttachPaymentMethodSchema = z
  .strictObject({ token: PaymentMethodTokenSchema })
  .meta({ id: 'AttachPaymentMethod' });
export type AttachPaymentMethod = z.infer<typeof AttachPaymentMethodSchema>;

export const ListPaymentMethodsQuerySchema = listQuery({});
export type ListPaymentMethodsQuery = z.infer<typeof ListPaymentMethodsQuerySchema>;
