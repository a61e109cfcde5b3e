import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import { CHECKS_BEFORE_GIVING_UP, nextCheckAfterMs } from '../../domain/payments/check-schedule.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import { queryOf, resumeAttempt } from './charge-attempt.js';
import { interruptedAttempt } from './interrupted-attempt.js';
import type { PaymentProviders } from './providers/payment-providers.js';
import { recordOutcome } from './record-outcome.js';

type DuePayment = Payment & { paymentMethod: PaymentMethod | null };

const BATCH = 50;
/** What one job may do at most: what is left is due still, and the due index brings it back as another job. */
const CHECKS_PER_RUN = 200;
const RUN_LIMIT_MS = 1_500;

/**
 * Asks the providers after every payment whose outcome is due to be known, and makes the charge of an attempt that
 * its provider never heard of, because the process died or the provider was out of reach. Each is a transaction of its own, and one that cannot be asked after is put off, so
 * that the others go on. May run twice at once.
 */
export async function verifyPendingPayments(ctx: TenantContext, providers: PaymentProviders): Promise<void> {
  const seen = new Set<string>();
  const deadline = performance.now() + RUN_LIMIT_MS;
  while (seen.size < CHECKS_PER_RUN) {
    const due = (await readDue(ctx)).filter((payment) => !seen.has(payment.id));
    if (due.length === 0) return;
    for (const payment of due) {
      seen.add(payment.id);
      await verifyOne(ctx, providers, payment);
      if (performance.now() > deadline) return;
    }
  }
}

/** The payment to be asked after first. Not an aggregate: Prisma's reads the whole table, this the index's first row. */
export async function firstCheck(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.payment.findFirst({
    where: { nextCheckAt: { not: null } },
    orderBy: [{ nextCheckAt: 'asc' }, { id: 'asc' }],
    select: { id: true, nextCheckAt: true },
  });
  return first?.nextCheckAt ? { at: first.nextCheckAt, id: first.id } : null;
}

function readDue(ctx: TenantContext): Promise<DuePayment[]> {
  return ctx.db.payment.findMany({
    where: { nextCheckAt: { lte: ctx.clock.now() } },
    orderBy: [{ nextCheckAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    include: { paymentMethod: true },
  });
}

async function verifyOne(
  ctx: TenantContext,
  providers: PaymentProviders,
  payment: DuePayment,
): Promise<void> {
  const attempt = interruptedAttempt(payment);
  try {
    // A charge that cannot be made is not tried for ever: then the provider's not knowing of it counts.
    if (attempt && payment.checks < CHECKS_BEFORE_GIVING_UP) {
      await resumeAttempt(ctx, providers, attempt);
    } else {
      const provider = await providers.of(ctx, payment.provider);
      const outcome = await provider.verify(ctx, queryOf(payment, payment.paymentMethod));
      await recordOutcome(ctx, payment.id, outcome);
    }
  } catch (error) {
    // A payment is not to blame for what its database lacks, and none of its checks is used up.
    if (isSchemaBehind(error)) throw error;
    ctx.log.error({ err: error, paymentId: payment.id }, 'A payment could not be asked after.');
    await putOff(ctx, payment);
  }
}

/** Nothing was learned, so the status stays; only the moment of the next question moves. */
async function putOff(ctx: TenantContext, payment: Payment): Promise<void> {
  const nextCheckAt = new Date(ctx.clock.now().getTime() + nextCheckAfterMs(payment.checks));
  await ctx.transaction(async (tx) => {
    const { count } = await tx.db.payment.updateMany({
      where: { id: payment.id, nextCheckAt: payment.nextCheckAt },
      data: { nextCheckAt, checks: { increment: 1 } },
    });
    if (count > 0) tx.due('payments', nextCheckAt);
  });
}
