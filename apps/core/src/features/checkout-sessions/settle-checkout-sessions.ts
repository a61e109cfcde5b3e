import type { CheckoutSession, Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import {
  afterMoney,
  checkoutSessionStates,
  type CheckoutSessionVerb,
  type SessionMoney,
} from '../../domain/payments/checkout-session-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toCheckoutSessionInEvent } from './checkout-session-wire.js';

/** Money that is being taken, and whose row does not say so yet. */
export interface MoneyOfSession {
  readonly checkoutSessionId: string | null;
  readonly amount: bigint;
}

/**
 * Ends the sessions of an invoice that money, or its end without any, has ended. Call it with the invoice as it is after
 * that, in the same transaction and under its lock. What was credited in full is over: nobody has paid for it.
 */
export async function settleCheckoutSessions(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Pick<Invoice, 'id' | 'status'>,
  money: MoneyOfSession | null,
): Promise<void> {
  const sessions = await tx.db.checkoutSession.findMany({
    where: { invoiceId: invoice.id, status: { not: 'complete' } },
    include: { payments: { where: { status: 'succeeded' }, select: { amount: true } } },
    orderBy: { id: 'asc' },
  });
  for (const { payments, ...session } of sessions) {
    const own = session.id === money?.checkoutSessionId ? money.amount : 0n;
    const paid = payments.reduce((sum, { amount }) => sum + amount, own);
    // One that has expired is over, unless money of its own comes.
    if (session.status === 'expired' && own === 0n) continue;
    const verb = afterMoney({ amount: session.amount, paid, invoice: stateOf(invoice, money) });
    if (verb !== null) await endCheckoutSession(ctx, tx, session, verb);
  }
}

function stateOf({ status }: Pick<Invoice, 'status'>, money: MoneyOfSession | null): SessionMoney['invoice'] {
  if (invoiceStates.canMove(status, 'settle')) return 'payable';
  return status === 'paid' && money !== null ? 'paid' : 'over';
}

/** Ends a session whose invoice this transaction holds; one that has ended so stays. */
export async function endCheckoutSession(
  ctx: TenantContext,
  tx: TenantTransaction,
  session: CheckoutSession,
  verb: CheckoutSessionVerb,
): Promise<CheckoutSession> {
  if (!checkoutSessionStates.canMove(session.status, verb)) return session;
  const now = ctx.clock.now();
  const ended = await tx.db.checkoutSession.update({
    where: { id: session.id },
    data: {
      status: checkoutSessionStates.next(session.status, verb),
      completedAt: verb === 'complete' ? now : null,
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  const type = verb === 'complete' ? 'checkout_session.completed' : 'checkout_session.expired';
  await recordChange(tx, ctx, type, toCheckoutSessionInEvent(ended));
  return ended;
}
