import type { Payment, UnmatchedPayment } from '@nova/prisma-tenant';

import type { TenantReader } from '../../tenancy/tenant-context.js';
import { refundablePayment, settles } from '../refunds/refundable-payments.js';
import { unmatchedPaymentNotApplicable } from './unmatched-payments.errors.js';

/**
 * The payment that parked money is already: one that succeeded when its invoice could take nothing. Null for money that is
 * no payment yet.
 */
export async function parkedPayment(db: TenantReader, row: UnmatchedPayment): Promise<Payment | null> {
  if (row.reason !== 'invoice_not_open' || row.paymentId === null) return null;
  const payment = await db.payment.findUnique({ where: { id: row.paymentId } });
  return payment?.status === 'succeeded' && !settles(payment) ? payment : null;
}

/**
 * Refuses what takes all of a payment's money when a part of it has gone back.
 * @throws unmatchedPaymentNotApplicable
 */
export async function requireWhole(db: TenantReader, payment: Payment): Promise<void> {
  const { rest } = await refundablePayment(db, payment.id);
  if (rest === payment.amount) return;
  throw unmatchedPaymentNotApplicable(`A part of payment ${payment.id} has been refunded: return the rest.`);
}
