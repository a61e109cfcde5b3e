import type { Payment, Prisma } from '@nova/prisma-tenant';

import {
  CHECKS_BEFORE_GIVING_UP,
  CHECKS_OF_ACTIONS,
  nextCheckAfterMs,
} from '../../domain/payments/check-schedule.js';
import { paymentStates } from '../../domain/payments/payment-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { changePayment } from './change-payment.js';
import { failPayment } from './fail-payment.js';
import { oweActionEmail } from './owe-action-email.js';
import type { VerifyOutcome } from './providers/outcomes.js';
import { recordSuccess } from './record-success.js';

const ACTION_NOT_TAKEN = {
  code: 'action_not_taken',
  message: 'The customer did not do what the payment takes.',
};

/**
 * Records what a provider said of an attempt, and settles the invoice in the same transaction when the money came.
 * Told twice, or in another order, it comes to the same: success is final, and nothing else overrules it.
 */
export async function recordOutcome(
  ctx: TenantContext,
  paymentId: string,
  outcome: VerifyOutcome,
): Promise<Payment> {
  return ctx.transaction(async (tx) => {
    const { invoiceId } = await tx.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    await lockInvoice(tx.db, invoiceId);
    const payment = await tx.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    switch (outcome.kind) {
      case 'succeeded':
        return recordSuccess(ctx, tx, payment, outcome);
      case 'declined':
      case 'rejected':
        return failPayment(ctx, tx, payment, outcome);
      case 'pending':
        return wait(ctx, tx, payment, outcome);
      case 'requires_action':
        return awaitAction(ctx, tx, payment, outcome);
      case 'unknown':
        ctx.log.warn({ paymentId, reason: outcome.message }, 'It is not known what became of a charge.');
        return askAgain(ctx, tx, payment);
      case 'not_found':
        return payment.checks < CHECKS_BEFORE_GIVING_UP
          ? askAgain(ctx, tx, payment)
          : failPayment(ctx, tx, payment, {
              code: 'verification_timeout',
              message: 'The provider never came to know of this charge.',
            });
    }
  });
}

async function wait(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  { providerPaymentId, checkAfterMs }: Extract<VerifyOutcome, { kind: 'pending' }>,
): Promise<Payment> {
  if (!paymentStates.canMove(payment.status, 'wait')) return payment;
  // Paystack says of a page that nobody has paid on what it says of money that is on its way.
  if (payment.actionUrl !== null && payment.checks >= CHECKS_OF_ACTIONS) {
    return failPayment(ctx, tx, payment, ACTION_NOT_TAKEN);
  }
  const data = {
    status: paymentStates.next(payment.status, 'wait'),
    ...(providerPaymentId === null ? {} : { providerPaymentId }),
  };
  return askAgain(ctx, tx, payment, data, checkAfterMs);
}

/** The payment is pending, and the customer has something to do where `url` says. Who never does has not paid. */
async function awaitAction(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  outcome: Extract<VerifyOutcome, { kind: 'requires_action' }>,
): Promise<Payment> {
  if (!paymentStates.canMove(payment.status, 'wait')) return payment;
  if (payment.checks >= CHECKS_OF_ACTIONS) {
    return failPayment(ctx, tx, payment, ACTION_NOT_TAKEN);
  }
  const isFirst = payment.actionUrl === null;
  if (isFirst && payment.paymentMethodId !== null) await oweActionEmail(ctx, tx, payment);
  const data = {
    status: paymentStates.next(payment.status, 'wait'),
    actionUrl: outcome.url,
    ...(outcome.providerPaymentId === null ? {} : { providerPaymentId: outcome.providerPaymentId }),
  };
  return askAgain(ctx, tx, payment, data, outcome.checkAfterMs);
}

/** Puts off the next question. The status stays unless `data` moves it: not to know is neither pending nor failed. */
async function askAgain(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  data: Prisma.PaymentUpdateInput = {},
  afterMs = nextCheckAfterMs(payment.checks),
): Promise<Payment> {
  // What has ended is not asked after any more, whoever was late to hear of it.
  if (payment.nextCheckAt === null) return payment;
  const nextCheckAt = new Date(ctx.clock.now().getTime() + afterMs);
  tx.due('payments', nextCheckAt);
  return changePayment(ctx, tx, payment, { ...data, nextCheckAt, checks: { increment: 1 } });
}
