import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { paymentExceedsAmountDue } from '../invoices/invoices.errors.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { nextPaymentAttempt } from '../invoices/next-payment-attempt.js';
import type { Attempt } from './charge-attempt.js';
import { chooseMethod, requireMethodOf } from './choose-method.js';
import { insertAttempt } from './insert-attempt.js';
import { interruptedAttempt } from './interrupted-attempt.js';
import type { PaymentProviders } from './providers/payment-providers.js';

/** Why there is nothing to charge. */
export type NoAttempt = 'not_open' | 'in_flight' | 'made_before' | 'no_method';

interface BeginOptions {
  /** Its id, the caller's or its number. */
  invoice: string;
  /** The id of the payment, for callers that look for it later. A new one unless given. */
  paymentId?: string;
  /** The customer's default one unless given, or another that can be charged when that one cannot. */
  paymentMethodId?: string | undefined;
  /** Minor units; all that is due unless given. */
  amount?: bigint | undefined;
  /** Nobody is charged unattended for what was given up. Somebody who asks for it may still pay. */
  by?: 'schedule' | 'request';
  /** Which attempt at the invoice this is meant to be, for callers that may come twice. The next one unless given. */
  attempt?: number;
}

/**
 * Writes down that an invoice is about to be charged, with our reference, before any provider is asked. An attempt
 * of whose charge nothing is known is given back to be taken up again with the same reference.
 * @throws notFound when there is no such invoice, invalidRequest for a payment method that is not the customer's,
 * paymentExceedsAmountDue
 */
export async function beginAttempt(
  ctx: TenantContext,
  tx: TenantTransaction,
  providers: Pick<PaymentProviders, 'usable'>,
  { invoice: invoiceReference, ...options }: BeginOptions,
): Promise<Attempt | { interrupted: Attempt } | NoAttempt> {
  const invoice = await lockInvoice(tx.db, invoiceReference);
  if (!invoiceStates.canMove(invoice.status, 'settle') || invoice.amountDue <= 0n) return 'not_open';
  if (options.by === 'schedule' && invoice.status === 'uncollectible') return 'not_open';
  const open = await tx.db.payment.findFirst({
    where: { invoiceId: invoice.id, status: { in: ['created', 'pending'] } },
    include: { paymentMethod: true },
  });
  if (open) {
    const interrupted = interruptedAttempt(open);
    return interrupted ? { interrupted } : 'in_flight';
  }
  const attempt = await nextPaymentAttempt(tx.db, invoice.id);
  if (options.attempt !== undefined && attempt > options.attempt) return 'made_before';
  const amount = options.amount ?? invoice.amountDue;
  if (amount > invoice.amountDue) {
    throw paymentExceedsAmountDue(`Invoice ${invoice.id} has ${invoice.amountDue} due, less than ${amount}.`);
  }
  const { paymentMethodId: id } = options;
  const method =
    id === undefined
      ? await chooseMethod(ctx, tx, providers, { invoice, amount })
      : await requireMethodOf(tx, invoice, id);
  if (!method) return 'no_method';
  return {
    payment: await insertAttempt(ctx, tx, {
      id: options.paymentId ?? newId('pay'),
      invoice,
      attempt,
      provider: method.provider,
      amount,
      paymentMethodId: method.id,
    }),
    method,
  };
}
