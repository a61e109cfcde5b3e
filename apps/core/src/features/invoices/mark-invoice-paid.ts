import type { Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { invoiceNotOpen } from './invoices.errors.js';
import { lockInvoice, readInvoice } from './invoices.repository.js';
import type { MarkPaid } from './invoices.schemas.js';
import { nextPaymentAttempt } from './next-payment-attempt.js';
import { refuseWhilePaying } from './refuse-while-paying.js';
import { applyPayment } from './settle-invoice.js';
import { recordPaymentEvent } from '../payments/record-payment-event.js';

/**
 * Takes the rest of an open invoice, or a part of it, as paid outside the platform: by bank transfer, cash or cheque.
 * @throws notFound, invoiceNotOpen, invoicePaymentInFlight, paymentExceedsAmountDue, invalidRequest
 */
export async function markInvoicePaid(
  ctx: TenantContext,
  reference: string,
  input: MarkPaid,
): Promise<InvoiceWithLines> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    if (!invoiceStates.canMove(invoice.status, 'settle')) {
      throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
    }
    await refuseWhilePaying(tx.db, invoice);
    const receivedAt = momentOfPayment(ctx, input);
    const amount = input.amount === undefined ? invoice.amountDue : BigInt(input.amount);
    await recordManualPayment(ctx, tx, { invoice, amount, receivedAt, note: input.note ?? null });
    await applyPayment(ctx, tx, { invoiceId: invoice.id, amount, receivedAt });
    return readInvoice(tx.db, invoice.id);
  });
}

function momentOfPayment(ctx: TenantContext, input: MarkPaid): Date {
  const now = ctx.clock.now();
  if (input.paidAt === undefined) return now;
  const paidAt = new Date(input.paidAt);
  if (paidAt <= now) return paidAt;
  const message = 'must not lie in the future';
  throw invalidRequest('A payment cannot have come in the future.', {
    errors: [{ pointer: '/paidAt', code: 'in_the_future', message }],
  });
}

interface ManualPayment {
  invoice: Invoice;
  amount: bigint;
  receivedAt: Date;
  note: string | null;
}

async function recordManualPayment(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, amount, receivedAt, note }: ManualPayment,
): Promise<void> {
  const id = newId('pay');
  const now = ctx.clock.now();
  const payment = await tx.db.payment.create({
    data: {
      id,
      invoiceId: invoice.id,
      customerId: invoice.customerId,
      attempt: await nextPaymentAttempt(tx.db, invoice.id),
      provider: 'manual',
      reference: id,
      amount,
      currency: invoice.currency,
      status: 'succeeded',
      note,
      succeededAt: receivedAt,
      createdAt: now,
      updatedAt: now,
    },
  });
  await recordPaymentEvent(ctx, tx, payment);
}
