import type { CheckoutSession, Invoice, Payment } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { wayPast } from '../../domain/payments/attempt-in-the-way.js';
import { providerFace } from '../../domain/payments/provider-channels.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { checkoutSessionNotOpen } from '../checkout-sessions/checkout-sessions.errors.js';
import { invoiceNotOpen, paymentExceedsAmountDue } from '../invoices/invoices.errors.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { nextPaymentAttempt } from '../invoices/next-payment-attempt.js';
import { insertAttempt } from './insert-attempt.js';

export interface CheckoutRequest {
  readonly invoiceId: string;
  readonly provider: string;
  /** Minor units of the invoice's currency; what the session asks for, or else what is due, unless given. */
  readonly amount?: bigint | undefined;
  /** Where the payment is pushed to; the customer's unless given. */
  readonly phone?: string | null | undefined;
  /** The customer's unless given. */
  readonly email?: string | null | undefined;
  /** Whether the payer agrees that what it is paid with is kept. A session may have decided that. */
  readonly savesMethod: boolean;
  readonly checkoutSessionId?: string | null | undefined;
  /** Where the customer comes back to from the provider's page. */
  readonly returnUrl: string;
}

export type BegunAttempt =
  | { readonly kind: 'begun'; readonly payment: Payment }
  | { readonly kind: 'given_back'; readonly payment: Payment }
  | { readonly kind: 'supersede'; readonly payment: Payment }
  | { readonly kind: 'ask'; readonly payment: Payment }
  | { readonly kind: 'wait' };

/**
 * Writes down that a customer is about to pay, unless an attempt is in the way.
 * @throws notFound, invoiceNotOpen, paymentExceedsAmountDue, checkoutSessionNotOpen
 */
export async function beginAttendedAttempt(
  ctx: TenantContext,
  tx: TenantTransaction,
  request: CheckoutRequest,
): Promise<BegunAttempt> {
  const invoice = await lockInvoice(tx.db, request.invoiceId);
  if (!invoiceStates.canMove(invoice.status, 'settle') || invoice.amountDue <= 0n)
    throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
  const session = await openSession(ctx, tx, invoice, request.checkoutSessionId ?? null);
  const wanted = {
    provider: request.provider,
    amount: await amountOf(tx, { invoice, session, asked: request.amount }),
    savesMethod: savesMethod(session, request),
    checkoutSessionId: session?.id ?? null,
  };
  const open = await tx.db.payment.findFirst({
    where: { invoiceId: invoice.id, status: { in: ['created', 'pending'] } },
  });
  if (open) {
    const status = open.status === 'pending' ? 'pending' : 'created';
    const isAutomatic = open.paymentMethodId !== null;
    const isPushed = providerFace(open.provider)?.needsPhone ?? false;
    const way = wayPast({ ...open, status, isAutomatic, isPushed }, wanted, ctx.clock.now());
    if (way === 'wait') return { kind: 'wait' };
    return way === 'give_back' ? { kind: 'given_back', payment: open } : { kind: way, payment: open };
  }
  const attempt = await nextPaymentAttempt(tx.db, invoice.id);
  return {
    kind: 'begun',
    payment: await insertAttempt(ctx, tx, { id: newId('pay'), invoice, attempt, ...wanted }),
  };
}

async function openSession(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
  id: string | null,
): Promise<CheckoutSession | null> {
  if (id === null) return null;
  const session = await tx.db.checkoutSession.findUnique({ where: { id, invoiceId: invoice.id } });
  // Its job may come a little after it has expired.
  if (session?.status !== 'open' || session.expiresAt <= ctx.clock.now())
    throw checkoutSessionNotOpen(`Checkout session ${id} is ${session?.status ?? 'not of this invoice'}.`);
  return session;
}

function savesMethod(session: CheckoutSession | null, request: CheckoutRequest): boolean {
  if (session?.savesMethod === 'always') return true;
  return session?.savesMethod === 'never' ? false : request.savesMethod;
}

/** What a session asks for less what was paid on it; never more than is due. */
async function amountOf(
  tx: TenantTransaction,
  {
    invoice,
    session,
    asked,
  }: { invoice: Invoice; session: CheckoutSession | null; asked: bigint | undefined },
): Promise<bigint> {
  const { amountDue } = invoice;
  if (asked !== undefined) {
    if (asked > 0n && asked <= amountDue) return asked;
    throw paymentExceedsAmountDue(`Invoice ${invoice.id} has ${amountDue} due, not ${asked}.`);
  }
  if (session === null || session.amount === null) return amountDue;
  const { _sum } = await tx.db.payment.aggregate({
    where: { checkoutSessionId: session.id, status: 'succeeded' },
    _sum: { amount: true },
  });
  const left = session.amount - (_sum.amount ?? 0n);
  return left > 0n && left < amountDue ? left : amountDue;
}
