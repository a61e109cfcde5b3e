import type { CheckoutSession } from '@nova/prisma-tenant';

import { checkoutSessionStates } from '../../domain/payments/checkout-session-state.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { checkoutSessionNotOpen } from './checkout-sessions.errors.js';
import { requireCheckoutSession } from './checkout-sessions.repository.js';
import { endCheckoutSession } from './settle-checkout-sessions.js';

const BATCH = 50;
/** What one job may do at most: what is left is due still, and the due index brings it back as another job. */
const RUN_LIMIT_MS = 1_500;

/**
 * Ends a session before its time: nobody begins to pay on it any more. What was begun may still come, and is taken.
 * @throws notFound, checkoutSessionNotOpen
 */
export async function expireCheckoutSession(ctx: TenantContext, id: string): Promise<CheckoutSession> {
  const { invoiceId } = await requireCheckoutSession(ctx.db, id);
  return ctx.transaction(async (tx) => {
    await lockInvoice(tx.db, invoiceId);
    const session = await requireCheckoutSession(tx.db, id);
    if (!checkoutSessionStates.canMove(session.status, 'expire'))
      throw checkoutSessionNotOpen(`Checkout session ${id} is ${session.status}.`);
    return endCheckoutSession(ctx, tx, session, 'expire');
  });
}

/** Ends the sessions whose time is over by the tenant's clock, each in a transaction of its own. May run twice at once. */
export async function expireDueCheckoutSessions(ctx: TenantContext): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  for (;;) {
    const due = await ctx.db.checkoutSession.findMany({
      where: { status: 'open', expiresAt: { lte: ctx.clock.now() } },
      orderBy: [{ expiresAt: 'asc' }, { id: 'asc' }],
      take: BATCH,
      select: { id: true, invoiceId: true },
    });
    if (due.length === 0) return;
    for (const { id, invoiceId } of due) {
      await ctx.transaction(async (tx) => {
        await lockInvoice(tx.db, invoiceId);
        const session = await tx.db.checkoutSession.findUniqueOrThrow({ where: { id } });
        await endCheckoutSession(ctx, tx, session, 'expire');
      });
      if (performance.now() > deadline) return;
    }
  }
}

/** The session that expires first. */
export async function firstCheckoutExpiry(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.checkoutSession.findFirst({
    where: { status: 'open' },
    orderBy: [{ expiresAt: 'asc' }, { id: 'asc' }],
    select: { id: true, expiresAt: true },
  });
  return first && { at: first.expiresAt, id: first.id };
}
