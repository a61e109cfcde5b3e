import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { attemptDigest } from '../payments/providers/mpesa/attempt-digest.js';
import type { DueWebhook } from './webhook-result.js';

/** A push that nothing was heard of for so long has another end by now. */
const UNNAMED_REACH_MS = 3 * 86_400_000;
const UNNAMED_MAX = 5_000;

export type AskedPayment = Payment & { readonly paymentMethod: PaymentMethod | null };
type Webhooks = readonly [DueWebhook, ...DueWebhook[]];

/** What webhooks are about; all of those about one payment, so that its provider is asked once. */
export type Subject =
  | { readonly kind: 'payment'; readonly webhooks: Webhooks; readonly payment: AskedPayment }
  | { readonly kind: 'unknown_payment' | 'refund' | 'dispute' | 'method'; readonly webhooks: Webhooks };

/** Sorts webhooks by what they are about. */
export async function subjectsOf(ctx: TenantContext, due: readonly DueWebhook[]): Promise<Subject[]> {
  const aboutPayments = due.filter(({ event }) => event.kind.startsWith('payment.'));
  const find = paymentFinder(await readPayments(ctx, aboutPayments), await readUnnamed(ctx, aboutPayments));
  const subjects = new Map<string, { -readonly [K in keyof Subject]: Subject[K] }>();
  for (const webhook of due) {
    const { key, subject } = subjectOf(webhook, find);
    const known = subjects.get(key);
    if (known) known.webhooks = [...known.webhooks, webhook];
    else subjects.set(key, subject);
  }
  return [...subjects.values()] as Subject[];
}

function subjectOf(
  webhook: DueWebhook,
  find: (webhook: DueWebhook) => AskedPayment | null,
): { key: string; subject: Subject } {
  const { id, provider, event } = webhook;
  const webhooks: Webhooks = [webhook];
  switch (event.kind) {
    case 'refund.updated':
      return { key: id, subject: { kind: 'refund', webhooks } };
    case 'dispute.updated':
      return { key: id, subject: { kind: 'dispute', webhooks } };
    case 'method.updated':
    case 'other':
      return { key: id, subject: { kind: 'method', webhooks } };
    default: {
      const payment = find(webhook);
      if (payment) return { key: payment.id, subject: { kind: 'payment', webhooks, payment } };
      const name = event.providerPaymentId ?? event.receipt ?? event.reference ?? id;
      return {
        key: `${provider} ${name} ${event.kind} ${event.type}`,
        subject: { kind: 'unknown_payment', webhooks },
      };
    }
  }
}

function readPayments(ctx: TenantContext, webhooks: readonly DueWebhook[]): Promise<AskedPayment[]> {
  const named = (values: readonly (string | null)[]) => [
    ...new Set(values.filter((value) => value !== null)),
  ];
  const references = named(webhooks.map(({ event }) => event.reference));
  const ids = named(webhooks.map(({ event }) => event.providerPaymentId));
  if (references.length + ids.length === 0) return Promise.resolve([]);
  return ctx.db.payment.findMany({
    where: { OR: [{ reference: { in: references } }, { providerPaymentId: { in: ids } }] },
    include: { paymentMethod: true },
  });
}

/** Pushes whose answer was lost have no name at the provider yet; the address of their callback says which they are. */
async function readUnnamed(ctx: TenantContext, webhooks: readonly DueWebhook[]): Promise<AskedPayment[]> {
  if (!webhooks.some(({ event }) => event.attempt !== undefined)) return [];
  const since = new Date(ctx.clock.now().getTime() - UNNAMED_REACH_MS);
  return ctx.db.payment.findMany({
    where: { provider: 'mpesa', providerPaymentId: null, createdAt: { gte: since } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: UNNAMED_MAX,
    include: { paymentMethod: true },
  });
}

function paymentFinder(payments: readonly AskedPayment[], unnamed: readonly AskedPayment[]) {
  const byName = new Map<string, AskedPayment>();
  for (const payment of payments) {
    byName.set(`${payment.provider} reference ${payment.reference}`, payment);
    if (payment.providerPaymentId !== null) {
      byName.set(`${payment.provider} id ${payment.providerPaymentId}`, payment);
    }
  }
  for (const payment of unnamed) byName.set(`mpesa attempt ${attemptDigest(payment.reference)}`, payment);
  return ({ provider, event }: DueWebhook): AskedPayment | null =>
    byName.get(`${provider} reference ${event.reference}`) ??
    byName.get(`${provider} id ${event.providerPaymentId}`) ??
    byName.get(`${provider} attempt ${event.attempt}`) ??
    null;
}
