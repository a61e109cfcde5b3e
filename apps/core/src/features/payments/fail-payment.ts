import type { Payment, Prisma } from '@nova/prisma-tenant';

import { paymentStates } from '../../domain/payments/payment-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changePayment } from './change-payment.js';

/** Why a payment has failed. `retryable` where its provider says whether the same may succeed another day. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable?: boolean;
}

/**
 * Ends an attempt whose invoice is held as failed; `data` is what changes beside that. One that has ended before stays as it
 * was: it was told of then.
 */
export async function failPayment(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  { code, message, retryable }: Failure,
  data: Prisma.PaymentUpdateInput = {},
): Promise<Payment> {
  if (!paymentStates.canMove(payment.status, 'fail')) return payment;
  return changePayment(ctx, tx, payment, {
    ...data,
    status: paymentStates.next(payment.status, 'fail'),
    failureCode: code,
    failureMessage: message,
    retryable: retryable ?? null,
    actionUrl: null,
    failedAt: ctx.clock.now(),
    nextCheckAt: null,
  });
}
