import type { Invoice, Payment, UnmatchedPayment } from '@nova/prisma-tenant';

import type { ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { payFromBalance } from '../balances/pay-from-balance.js';
import { invoiceNotOpen } from '../invoices/invoices.errors.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { recordArrival } from '../payments/record-arrival.js';
import { takesMoney } from '../payments/take-money.js';
import { creditPayment } from './credit-unmatched.js';
import { parkedPayment } from './parked-payment.js';
import { resolveParked } from './resolve-parked.js';
import { unmatchedPaymentCurrency, unmatchedPaymentNotApplicable } from './unmatched-payments.errors.js';
import { lockOpen, requireUnmatched } from './unmatched-payments.repository.js';

/**
 * Gives parked money to an invoice: it becomes a payment of it. Less than is due pays a part; what is more goes to the
 * customer's balance. Money that is a payment of another invoice already stays that, and passes the customer's balance.
 * @throws notFound, preconditionFailed, unmatchedPaymentResolved, invoiceNotOpen, unmatchedPaymentCurrency,
 *   unmatchedPaymentNotApplicable
 */
export async function applyUnmatched(
  ctx: TenantContext,
  reference: string,
  { invoiceId, expected }: { invoiceId: string; expected: ExpectedVersions },
): Promise<UnmatchedPayment> {
  return ctx.transaction(async (tx) => {
    const { id } = await requireUnmatched(tx.db, reference);
    const invoice = await lockInvoice(tx.db, invoiceId);
    const row = await lockOpen(tx, id, expected);
    if (invoice.currency !== row.currency) {
      throw unmatchedPaymentCurrency(
        `The money is in ${row.currency} and invoice ${invoice.id} in ${invoice.currency}: return it, or dismiss it.`,
      );
    }
    if (!takesMoney(invoice)) throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
    const before = await parkedPayment(tx.db, row);
    const payment = before
      ? await moveThroughBalance(ctx, tx, { row, invoice, payment: before })
      : await recordArrival(ctx, tx, invoice, { ...row, to: 'invoice' });
    return resolveParked(ctx, tx, row, { status: 'applied', resolution: payment.id });
  });
}

async function moveThroughBalance(
  ctx: TenantContext,
  tx: TenantTransaction,
  { row, invoice, payment }: { row: UnmatchedPayment; invoice: Invoice; payment: Payment },
): Promise<Payment> {
  if (payment.customerId !== invoice.customerId) {
    throw unmatchedPaymentNotApplicable(
      `Payment ${payment.id} is another customer’s than invoice ${invoice.id}: return it.`,
    );
  }
  const credited = await creditPayment(ctx, tx, payment);
  await payFromBalance(ctx, tx, { invoice, amount: payment.amount, source: `unmatched:${row.id}` });
  return credited;
}
