import type { Refund, UnmatchedPayment } from '@nova/prisma-tenant';

import type { ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { beginRefund, beginReturn, MANUAL } from '../refunds/begin-refund.js';
import { UNMATCHED, UNSETTLED } from '../refunds/refund-source.js';
import { refundablePayment } from '../refunds/refundable-payments.js';
import { parkedPayment } from './parked-payment.js';
import { resolveParked } from './resolve-parked.js';
import { unmatchedPaymentResolved } from './unmatched-payments.errors.js';
import { lockOpen, requireUnmatched } from './unmatched-payments.repository.js';
import type { ReturnUnmatchedPayment } from './unmatched-payments.schemas.js';

/**
 * Sends parked money back the way it came, or by hand. Its refund is on record before any provider is asked; should it fail,
 * the money is parked again.
 * @throws notFound, preconditionFailed, unmatchedPaymentResolved
 */
export async function returnUnmatched(
  ctx: TenantContext,
  reference: string,
  { expected, ...input }: ReturnUnmatchedPayment & { expected: ExpectedVersions },
): Promise<UnmatchedPayment> {
  return ctx.transaction(async (tx) => {
    const { id, invoiceId } = await requireUnmatched(tx.db, reference);
    if (invoiceId !== null) await lockInvoice(tx.db, invoiceId);
    const row = await lockOpen(tx, id, expected);
    const refund = await begin(ctx, tx, row, input);
    return resolveParked(ctx, tx, row, { status: 'returned', resolution: refund.id });
  });
}

async function begin(
  ctx: TenantContext,
  tx: TenantTransaction,
  row: UnmatchedPayment,
  input: ReturnUnmatchedPayment,
): Promise<Refund> {
  const note = input.note ?? null;
  const provider = input.by === 'hand' ? MANUAL : row.provider;
  const before = await parkedPayment(tx.db, row);
  if (!before) {
    const made = await tx.db.refund.count({ where: { unmatchedPaymentId: row.id } });
    const source = `${UNMATCHED}${row.id}:${made + 1}`;
    return beginReturn(ctx, tx, { unmatched: row, amount: row.amount, source, note, provider });
  }
  const { payment, rest: amount } = await refundablePayment(tx.db, before.id);
  if (amount === 0n) throw unmatchedPaymentResolved(`All of payment ${payment.id} has been refunded.`);
  const made = await tx.db.refund.count({ where: { paymentId: payment.id } });
  const source = `${UNSETTLED}${payment.id}:${made + 1}`;
  return beginRefund(ctx, tx, { payment, creditNoteId: null, amount, source, note, provider });
}
