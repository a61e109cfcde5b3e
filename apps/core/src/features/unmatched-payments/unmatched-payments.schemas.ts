import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';
import { UNMATCHED_REASONS, UNMATCHED_STATUSES } from './unmatched-payment-wire.js';

export const ApplyUnmatchedPaymentSchema = z
  .strictObject({
    invoiceId: z
      .string()
      .min(1)
      .max(255)
      .meta({ description: 'Our id, your external id or the number of the invoice.' }),
  })
  .meta({ id: 'ApplyUnmatchedPayment' });
export type ApplyUnmatchedPayment = z.infer<typeof ApplyUnmatchedPaymentSchema>;

export const ReturnUnmatchedPaymentSchema = z
  .strictObject({
    by: z
      .enum(['provider', 'hand'])
      .default('provider')
      .meta({ description: '`hand`: somebody pays it back outside the platform.' }),
    note: lineText({ max: 500 }).optional(),
  })
  .prefault({})
  .meta({ id: 'ReturnUnmatchedPayment' });
export type ReturnUnmatchedPayment = z.infer<typeof ReturnUnmatchedPaymentSchema>;

export const DismissUnmatchedPaymentSchema = z
  .strictObject({
    reason: lineText({ max: 500 }).meta({
      description: 'Why nothing is to be done: for those who ask later.',
    }),
  })
  .meta({ id: 'DismissUnmatchedPayment' });
export type DismissUnmatchedPayment = z.infer<typeof DismissUnmatchedPaymentSchema>;

export const ListUnmatchedPaymentsQuerySchema = listQuery({
  status: z.enum(UNMATCHED_STATUSES).optional(),
  reason: z.enum(UNMATCHED_REASONS).optional(),
  provider: z.string().min(1).max(50).optional(),
});
export type ListUnmatchedPaymentsQuery = z.infer<typeof ListUnmatchedPaymentsQuerySchema>;
