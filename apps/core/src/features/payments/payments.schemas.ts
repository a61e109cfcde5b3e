import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { PAYMENT_STATUSES } from './payment-wire.js';

const status = z.enum(PAYMENT_STATUSES).optional();
const reference = z.string().min(1).max(255).optional();

export const ListPaymentsQuerySchema = listQuery({ status, customer: reference, invoice: reference });
export type ListPaymentsQuery = z.infer<typeof ListPaymentsQuerySchema>;

export const ListPaymentsOfCustomerQuerySchema = listQuery({ status });
export type ListPaymentsOfCustomerQuery = z.infer<typeof ListPaymentsOfCustomerQuerySchema>;
