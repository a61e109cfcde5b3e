import type { Payment } from '@nova/prisma-tenant';

import { printDate } from '../../domain/calendar/print-date.js';
import { providerFace } from '../../domain/payments/provider-channels.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { PaymentWatch } from './payment-watch.js';
import { moneyText } from './pages/money-text.js';
import { paymentPage, type PaymentState } from './pages/payment-page.js';
import { receiptPage } from './pages/receipt-page.js';
import { type HostedInvoice, readHostedInvoice } from './read-hosted-invoice.js';
import type { ShownPage } from './show-invoice.js';
import type { Visit } from './visits.js';

const SHOWN = { status: 200, providers: [] } as const;

/**
 * How a payment of a page stands, having asked its provider.
 * @throws not_found when the page has no such payment
 */
export async function showPayment(visit: Visit, watch: PaymentWatch, paymentId: string): Promise<ShownPage> {
  const { ctx, path } = visit;
  const hosted = await readHostedInvoice(visit);
  const payment = await watch.look(ctx, paymentOf(hosted, paymentId));
  const { owner, session, invoice } = hosted;
  const page = paymentPage({
    owner,
    isTest: ctx.mode === 'test',
    state: stateOf(payment),
    number: invoice.number ?? '',
    amount: moneyText(payment.amount, payment.currency),
    provider: nameOf(payment),
    failureCode: payment.failureCode,
    actionUrl: payment.actionUrl,
    invoiceHref: path,
    receiptHref: `${path}/receipt/${payment.id}`,
    onward: session?.successUrl ?? null,
    ageSeconds: (ctx.clock.now().getTime() - payment.createdAt.getTime()) / 1_000,
  });
  return { ...SHOWN, page };
}

/**
 * The receipt of a payment.
 * @throws not_found when the page has no such payment, or it was not made
 */
export async function showReceipt(visit: Visit, paymentId: string): Promise<ShownPage> {
  const { ctx, path } = visit;
  const hosted = await readHostedInvoice(visit);
  const payment = paymentOf(hosted, paymentId);
  if (payment.status !== 'succeeded') throw notFound('The payment has no receipt.');
  const refunds = await ctx.db.refund.findMany({ where: { paymentId: payment.id, status: 'succeeded' } });
  const refunded = refunds.reduce((sum, { amount }) => sum + amount, 0n);
  const { owner, invoice, document } = hosted;
  const page = receiptPage({
    owner,
    isTest: ctx.mode === 'test',
    number: invoice.number ?? '',
    buyer: document.buyer.name,
    amount: moneyText(payment.amount, payment.currency),
    refunded: refunded === 0n ? null : moneyText(refunded, payment.currency),
    paidOn: printDate(payment.succeededAt ?? payment.updatedAt, ctx.tenant.timeZone),
    provider: nameOf(payment),
    receipt: payment.receipt,
    reference: payment.reference,
    invoiceHref: path,
  });
  return { ...SHOWN, page };
}

/**
 * The payment whose payer comes back from a provider's page: the newest, be it begun there or a charge of a saved method
 * that has to be confirmed, whatever the provider adds to the address.
 * @throws not_found when none was
 */
export async function paymentToReturnTo(visit: Visit): Promise<string> {
  const { payments, session } = await readHostedInvoice(visit);
  const begun = payments.find(
    ({ provider, checkoutSessionId }) =>
      provider !== 'manual' && (session === null || checkoutSessionId === session.id),
  );
  if (!begun) throw notFound('No payment was begun here.');
  return begun.id;
}

function paymentOf({ payments }: HostedInvoice, id: string): Payment {
  const payment = payments.find((known) => known.id === id);
  if (!payment) throw notFound('There is no such payment.');
  return payment;
}

function stateOf({ status, actionUrl, provider }: Payment): PaymentState {
  if (status === 'succeeded' || status === 'failed') return status;
  if (status === 'created') return 'asking';
  if (actionUrl !== null) return 'at_provider';
  return providerFace(provider)?.needsPhone ? 'on_phone' : 'pending';
}

function nameOf({ provider }: Payment): string {
  return providerFace(provider)?.label ?? OTHERS[provider] ?? provider;
}

const OTHERS: Readonly<Record<string, string>> = { manual: 'Received outside the platform' };
