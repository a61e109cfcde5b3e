import type { SandboxRefund } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { RefundOutcome, RefundState } from './outcomes.js';
import type { RefundOrder } from './payment-provider.js';
import { SANDBOX_TOKENS } from './sandbox-tokens.js';

/** How long a pending refund of the sandbox takes to settle, on the tenant's clock. */
const SETTLES_AFTER_MS = 60_000;

/**
 * Gives back a charge of the sandbox, in a row of the sandbox's own: as any provider would, it knows the charge, gives no
 * more back than it took, and answers a second call for a reference with the refund of the first.
 */
export async function refundCharge(ctx: TenantContext, order: RefundOrder): Promise<RefundOutcome> {
  const charge = await ctx.db.sandboxCharge.findUnique({ where: { reference: order.payment.reference } });
  if (!charge || charge.status !== 'succeeded' || charge.currency !== order.currency) {
    return { kind: 'failed', code: 'unknown_charge', message: 'The sandbox has no such charge.' };
  }
  const how = SANDBOX_TOKENS.get(charge.token)?.behaviour.refund ?? 'succeeded';
  const now = ctx.clock.now();
  const settlesAt = how === 'pending' ? new Date(now.getTime() + SETTLES_AFTER_MS) : null;
  // Under the charge's lock, so that two refunds at once cannot give back more than was taken.
  await ctx.db.$transaction([
    ctx.db.$queryRaw`SELECT reference FROM sandbox_charges WHERE reference = ${charge.reference} FOR UPDATE`,
    ctx.db.$executeRaw`
      INSERT INTO sandbox_refunds
        (reference, id, charge_reference, amount, currency, status, failure_code, settles_at, created_at)
      SELECT ${order.reference}, ${newId('srf')}, reference, ${order.amount}::bigint, currency, ${how},
        ${how === 'failed' ? 'refund_refused' : null}, ${settlesAt}::timestamptz, ${now}::timestamptz
      FROM sandbox_charges c
      WHERE c.reference = ${charge.reference} AND ${order.amount}::bigint <= c.amount - (
        SELECT COALESCE(sum(r.amount), 0) FROM sandbox_refunds r
        WHERE r.charge_reference = c.reference AND r.status <> 'failed' AND r.reference <> ${order.reference})
      ON CONFLICT (reference) DO NOTHING`,
  ]);
  const refund = await ctx.db.sandboxRefund.findUnique({ where: { reference: order.reference } });
  if (refund) return outcomeOf(ctx, refund);
  return { kind: 'failed', code: 'refund_too_large', message: 'The charge has less left than that.' };
}

/** What the sandbox knows of a reference. */
export async function verifySandboxRefund(
  ctx: TenantContext,
  { reference }: RefundOrder,
): Promise<RefundState> {
  const refund = await ctx.db.sandboxRefund.findUnique({ where: { reference } });
  return refund ? outcomeOf(ctx, refund) : { kind: 'not_found' };
}

/** Who looks at a pending refund after its time settles it. */
async function outcomeOf(ctx: TenantContext, refund: SandboxRefund): Promise<RefundOutcome> {
  const { id: providerRefundId, reference, settlesAt } = refund;
  if (refund.status === 'failed') {
    return {
      kind: 'failed',
      code: refund.failureCode ?? 'refund_refused',
      message: 'The card takes no money back.',
    };
  }
  const now = ctx.clock.now();
  if (refund.status === 'pending' && settlesAt !== null && settlesAt > now) {
    return { kind: 'pending', providerRefundId, checkAfterMs: settlesAt.getTime() - now.getTime() };
  }
  if (refund.status === 'pending') {
    await ctx.db.sandboxRefund.update({ where: { reference }, data: { status: 'succeeded' } });
  }
  return { kind: 'succeeded', providerRefundId };
}
