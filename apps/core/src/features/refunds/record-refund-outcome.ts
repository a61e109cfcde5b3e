import type { Prisma, Refund } from '@nova/prisma-tenant';

import { nextCheckAfterMs } from '../../domain/payments/check-schedule.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeBalance } from '../balances/change-balance.js';
import type { RefundOutcome } from '../payments/providers/outcomes.js';
import { reopenReturned } from '../unmatched-payments/resolve-parked.js';
import { lockRefund } from './lock-refund.js';
import { FROM_BALANCE } from './refund-source.js';
import { recordChange } from '../events/record-change.js';
import { toRefundWire } from './refund-wire.js';

/**
 * Records what a provider said of a refund. Told twice it comes to the same. A refund that was made may still come back,
 * so failure overrules success; what was taken off the balance for it goes back there then, and what was parked is open again.
 */
export async function recordRefundOutcome(
  ctx: TenantContext,
  refundId: string,
  outcome: RefundOutcome,
): Promise<Refund> {
  return ctx.transaction(async (tx) => {
    const refund = await lockRefund(tx, refundId);
    switch (outcome.kind) {
      case 'succeeded':
        return refund.status === 'pending' ? succeed(ctx, tx, refund, outcome.providerRefundId) : refund;
      case 'failed':
        return refund.status === 'failed' ? refund : fail(ctx, tx, refund, outcome);
      case 'pending':
        return askAgain(ctx, tx, refund, {
          data: outcome.providerRefundId === null ? {} : { providerRefundId: outcome.providerRefundId },
          afterMs: outcome.checkAfterMs,
        });
      case 'unknown':
        ctx.log.warn({ refundId, reason: outcome.message }, 'It is not known what became of a refund.');
        return askAgain(ctx, tx, refund, {});
    }
  });
}

function succeed(
  ctx: TenantContext,
  tx: TenantTransaction,
  refund: Refund,
  providerRefundId: string,
): Promise<Refund> {
  return end(ctx, tx, refund, { status: 'succeeded', providerRefundId, settledAt: ctx.clock.now() });
}

async function fail(
  ctx: TenantContext,
  tx: TenantTransaction,
  refund: Refund,
  { code, message }: { code: string; message: string },
): Promise<Refund> {
  if (refund.source.startsWith(FROM_BALANCE) && refund.paymentId !== null) {
    const { customerId, invoiceId } = await tx.db.payment.findUniqueOrThrow({
      where: { id: refund.paymentId },
    });
    await changeBalance(ctx, tx, {
      customerId,
      currency: refund.currency,
      kind: 'refund_failed',
      amount: refund.amount,
      source: `refund_failed:${refund.id}`,
      invoiceId,
    });
  }
  const failed = await end(ctx, tx, refund, { status: 'failed', failureCode: code, failureMessage: message });
  await reopenReturned(ctx, tx, refund.id);
  return failed;
}

async function end(
  ctx: TenantContext,
  tx: TenantTransaction,
  refund: Refund,
  data: Prisma.RefundUpdateInput & { status: 'succeeded' | 'failed' },
): Promise<Refund> {
  const { paymentId, creditNoteId, amount, currency } = refund;
  const ended = await change(ctx, tx, refund, { ...data, nextCheckAt: null });
  const type = data.status === 'succeeded' ? 'refund.succeeded' : 'refund.failed';
  const facts = { paymentId, creditNoteId, amount: amount.toString(), currency };
  await recordChange(tx, ctx, type, toRefundWire(ended), { facts });
  return ended;
}

/** Puts off the next question. Not to know is neither pending nor failed. */
async function askAgain(
  ctx: TenantContext,
  tx: TenantTransaction,
  refund: Refund,
  { data = {}, afterMs }: { data?: Prisma.RefundUpdateInput; afterMs?: number | undefined },
): Promise<Refund> {
  // What has ended is not asked after any more, whoever was late to hear of it.
  if (refund.nextCheckAt === null) return refund;
  const wait = afterMs ?? nextCheckAfterMs(refund.checks);
  const nextCheckAt = new Date(ctx.clock.now().getTime() + wait);
  tx.due('refunds', nextCheckAt);
  return change(ctx, tx, refund, { ...data, nextCheckAt, checks: { increment: 1 } });
}

function change(
  ctx: TenantContext,
  tx: TenantTransaction,
  refund: Refund,
  data: Prisma.RefundUpdateInput,
): Promise<Refund> {
  return tx.db.refund.update({ where: { id: refund.id }, data: { ...data, updatedAt: ctx.clock.now() } });
}
