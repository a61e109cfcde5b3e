import type { Payment, UnmatchedPayment } from '@nova/prisma-tenant';

import type { ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { recordArrival } from '../payments/record-arrival.js';
import { putOnBalance } from '../payments/take-money.js';
import { parkedPayment, requireWhole } from './parked-payment.js';
import { resolveParked } from './resolve-parked.js';
import { unmatchedPaymentCurrency, unmatchedPaymentNotApplicable } from './unmatched-payments.errors.js';
import { lockOpen, requireUnmatched } from './unmatched-payments.repository.js';

/**
 * Puts parked money on the balance of the customer whose invoice it came for, for the next invoices.
 * @throws notFound, preconditionFailed, unmatchedPaymentResolved, unmatchedPaymentCurrency, unmatchedPaymentNotApplicable
 */
export async function creditUnmatched(
  ctx: TenantContext,
  reference: string,
  expected: ExpectedVersions,
): Promise<UnmatchedPayment> {
  return ctx.transaction(async (tx) => {
    const { id, invoiceId } = await requireUnmatched(tx.db, reference);
    const invoice = invoiceId === null ? null : await lockInvoice(tx.db, invoiceId);
    const row = await lockOpen(tx, id, expected);
    if (!invoice || invoice.status === 'draft') {
      throw unmatchedPaymentNotApplicable(
        'It names no invoice, so that it is not known whose money it is: apply it to one.',
      );
    }
    if (invoice.currency !== row.currency) {
      throw unmatchedPaymentCurrency(
        `The money is in ${row.currency} and its invoice in ${invoice.currency}.`,
      );
    }
    const before = await parkedPayment(tx.db, row);
    const payment = before
      ? await creditPayment(ctx, tx, before)
      : await recordArrival(ctx, tx, invoice, { ...row, to: 'balance' });
    return resolveParked(ctx, tx, row, { status: 'applied', resolution: payment.id });
  });
}

/**
 * Puts all of a payment that settled nothing on its customer's balance. Hold the customer.
 * @throws unmatchedPaymentNotApplicable when a part of it has gone back
 */
export async function creditPayment(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
): Promise<Payment> {
  await requireWhole(tx.db, payment);
  const invoice = await lockInvoice(tx.db, payment.invoiceId);
  const { id: paymentId, amount: excess } = payment;
  await putOnBalance(ctx, tx, { invoice, paymentId, excess });
  return tx.db.payment.update({
    where: { id: paymentId },
    data: {
      excess,
      note: 'The invoice could take none of it: it went to the customer’s balance.',
      updatedAt: ctx.clock.now(),
    },
  });
}
