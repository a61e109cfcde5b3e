import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { DISPUTE_STATUSES } from './dispute-wire.js';

const reference = z.string().min(1).max(255).optional();

export const ListDisputesQuerySchema = listQuery({
  status: z.enum(DISPUTE_STATUSES).optional(),
  payment: reference,
  customer: reference,
});
export type ListDisputesQuery = z.infer<typeof ListDisputesQuerySchema>;
