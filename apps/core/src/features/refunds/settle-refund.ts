import type { Refund } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { beginRefund, MANUAL } from './begin-refund.js';
import { endParked } from './end-parked.js';
import { lockRefund } from './lock-refund.js';
import { refundablePayment, settles } from './refundable-payments.js';
import { FROM_BALANCE } from './refund-source.js';
import { refundNotManual, refundNotRetryable } from './refunds.errors.js';
import { requireRefund } from './refunds.repository.js';
import type { MarkRefundPaid, RetryRefund } from './refunds.schemas.js';
import { recordChange } from '../events/record-change.js';
import { toRefundWire } from './refund-wire.js';

/**
 * Says that a refund has been paid back by hand.
 * @throws notFound, refundNotManual when a provider makes it, or it has ended
 */
export async function markRefundPaid(
  ctx: TenantContext,
  reference: string,
  input: MarkRefundPaid,
): Promise<Refund> {
  return ctx.transaction(async (tx) => {
    const { id } = await requireRefund(tx.db, reference);
    const refund = await lockRefund(tx, id);
    if (refund.provider !== MANUAL || refund.status !== 'pending') {
      throw refundNotManual(`Refund ${id} is ${refund.status} and made by ${refund.provider}.`);
    }
    const now = ctx.clock.now();
    const { paymentId, creditNoteId, amount, currency } = refund;
    const settled = await tx.db.refund.update({
      where: { id },
      data: { status: 'succeeded', note: input.note ?? refund.note, settledAt: now, updatedAt: now },
    });
    const facts = { paymentId, creditNoteId, amount: amount.toString(), currency };
    await recordChange(tx, ctx, 'refund.succeeded', toRefundWire(settled), { facts });
    return settled;
  });
}

/**
 * Tries a refund again that has failed: the same way, or by hand. It is a refund of its own.
 * @throws notFound, refundNotRetryable
 */
export async function retryRefund(
  ctx: TenantContext,
  reference: string,
  input: RetryRefund,
): Promise<Refund> {
  return ctx.transaction(async (tx) => {
    const { id } = await requireRefund(tx.db, reference);
    const failed = await lockRefund(tx, id);
    if (failed.paymentId === null) {
      throw refundNotRetryable('The money is parked again: return it from there.');
    }
    const source = `retry:${id}`;
    const { payment, rest } = await refundablePayment(tx.db, failed.paymentId);
    await refuseRetry(tx, failed, { source, rest });
    const provider = input.by === 'hand' ? MANUAL : payment.provider;
    const { creditNoteId, amount } = failed;
    const refund = await beginRefund(ctx, tx, { payment, creditNoteId, amount, source, provider });
    if (!settles(payment) && amount === rest) await endParked(ctx, tx, { payment, refund });
    return refund;
  });
}

async function refuseRetry(
  tx: TenantTransaction,
  failed: Refund,
  { source, rest }: { source: string; rest: bigint },
): Promise<void> {
  if (failed.status !== 'failed') {
    throw refundNotRetryable(`Refund ${failed.id} is ${failed.status}.`);
  }
  if (failed.source.startsWith(FROM_BALANCE)) {
    throw refundNotRetryable('The money went back to the customer’s balance: refund the payment again.');
  }
  const retried = await tx.db.refund.findUnique({ where: { source }, select: { id: true } });
  if (retried) throw refundNotRetryable(`Refund ${failed.id} has been tried again as ${retried.id}.`);
  const note = failed.creditNoteId
    ? await tx.db.creditNote.findUnique({ where: { id: failed.creditNoteId } })
    : null;
  if (note?.status === 'void') throw refundNotRetryable(`Its credit note ${note.number} is void.`);
  if (rest < failed.amount) throw refundNotRetryable('The payment was refunded another way meanwhile.');
}
