import { z } from 'zod';

import { AmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';
import { REFUND_STATUSES } from './refund-wire.js';

export const RefundPaymentSchema = z
  .strictObject({
    amount: AmountSchema.min(1).optional().meta({ description: 'All that is left of it unless given.' }),
    note: lineText({ max: 500 }).optional(),
  })
  .prefault({})
  .meta({ id: 'RefundPayment' });
export type RefundPayment = z.infer<typeof RefundPaymentSchema>;

export const RetryRefundSchema = z
  .strictObject({
    by: z
      .enum(['provider', 'hand'])
      .default('provider')
      .meta({ description: '`hand`: somebody pays it back outside the platform.' }),
  })
  .prefault({})
  .meta({ id: 'RetryRefund' });
export type RetryRefund = z.infer<typeof RetryRefundSchema>;

export const MarkRefundPaidSchema = z
  .strictObject({ note: lineText({ max: 500 }).optional() })
  .prefault({})
  .meta({ id: 'MarkRefundPaid' });
export type MarkRefundPaid = z.infer<typeof MarkRefundPaidSchema>;

const reference = z.string().min(1).max(255).optional();

export const ListRefundsQuerySchema = listQuery({
  status: z.enum(REFUND_STATUSES).optional(),
  customer: reference,
  invoice: reference,
  payment: reference,
  creditNote: reference,
});
export type ListRefundsQuery = z.infer<typeof ListRefundsQuerySchema>;
