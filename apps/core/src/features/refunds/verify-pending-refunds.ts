import type { Refund } from '@nova/prisma-tenant';

import { nextCheckAfterMs } from '../../domain/payments/check-schedule.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { type RefundOfMoney, resumeRefund, WITH_MONEY } from './send-refund.js';

const BATCH = 50;
/** What one job may do at most: what is left is due still, and the due index brings it back as another job. */
const RUN_LIMIT_MS = 1_500;

/**
 * Asks the providers after every refund whose outcome is due to be known, and makes those that they never heard of. One
 * that cannot be asked after is put off, so that the others go on. May run twice at once.
 */
export async function verifyPendingRefunds(ctx: TenantContext, providers: PaymentProviders): Promise<void> {
  const seen = new Set<string>();
  const deadline = performance.now() + RUN_LIMIT_MS;
  for (;;) {
    const due = (await readDue(ctx)).filter(({ id }) => !seen.has(id));
    if (due.length === 0) return;
    for (const refund of due) {
      seen.add(refund.id);
      await verifyOne(ctx, providers, refund);
      if (performance.now() > deadline) return;
    }
  }
}

/** The refund to be asked after first. */
export async function firstRefundCheck(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.refund.findFirst({
    where: { nextCheckAt: { not: null } },
    orderBy: [{ nextCheckAt: 'asc' }, { id: 'asc' }],
    select: { id: true, nextCheckAt: true },
  });
  return first?.nextCheckAt ? { at: first.nextCheckAt, id: first.id } : null;
}

function readDue(ctx: TenantContext): Promise<RefundOfMoney[]> {
  return ctx.db.refund.findMany({
    where: { nextCheckAt: { lte: ctx.clock.now() } },
    orderBy: [{ nextCheckAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    include: WITH_MONEY,
  });
}

async function verifyOne(
  ctx: TenantContext,
  providers: PaymentProviders,
  refund: RefundOfMoney,
): Promise<void> {
  try {
    await resumeRefund(ctx, providers, refund);
  } catch (error) {
    if (isSchemaBehind(error)) throw error;
    ctx.log.error({ err: error, refundId: refund.id }, 'A refund could not be asked after.');
    await putOff(ctx, refund);
  }
}

/** Nothing was learned, so the status stays; only the moment of the next question moves. */
async function putOff(ctx: TenantContext, refund: Refund): Promise<void> {
  const nextCheckAt = new Date(ctx.clock.now().getTime() + nextCheckAfterMs(refund.checks));
  await ctx.transaction(async (tx) => {
    const { count } = await tx.db.refund.updateMany({
      where: { id: refund.id, nextCheckAt: refund.nextCheckAt },
      data: { nextCheckAt, checks: { increment: 1 } },
    });
    if (count > 0) tx.due('refunds', nextCheckAt);
  });
}
