import type { CheckoutSession, Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { returnAddressRefusal } from '../../domain/payments/return-address.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { invoiceNotOpen, paymentExceedsAmountDue } from '../invoices/invoices.errors.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { toCheckoutSessionInEvent } from './checkout-session-wire.js';
import type { CreateCheckoutSession } from './checkout-sessions.schemas.js';
import { issueCheckoutInvoice } from './issue-checkout-invoice.js';

const MINUTE_MS = 60_000;

/**
 * Makes a page on which a customer pays an open invoice, or a part of it; for a customer with lines, the invoice too. An
 * invoice may have several.
 * @throws notFound, invoiceNotOpen, paymentExceedsAmountDue, invalidRequest, amountTooLarge
 */
export async function createCheckoutSession(
  ctx: TenantContext,
  input: CreateCheckoutSession,
): Promise<CheckoutSession> {
  refuseBadAddresses(ctx, input);
  return ctx.transaction(async (tx) => {
    const invoice = await invoiceOf(ctx, tx, input);
    const amount = input.amount === undefined ? null : BigInt(input.amount);
    if (amount !== null && amount > invoice.amountDue) {
      throw paymentExceedsAmountDue(
        `Invoice ${invoice.id} has ${invoice.amountDue} due, less than ${amount}.`,
      );
    }
    const now = ctx.clock.now();
    const expiresAt = new Date(now.getTime() + input.expiresInMinutes * MINUTE_MS);
    tx.due('checkout_sessions', expiresAt);
    const session = await tx.db.checkoutSession.create({
      data: {
        id: newId('cks'),
        invoiceId: invoice.id,
        customerId: invoice.customerId,
        amount,
        currency: invoice.currency,
        status: 'open',
        successUrl: input.successUrl ?? null,
        cancelUrl: input.cancelUrl ?? null,
        savesMethod: input.savePaymentMethod,
        expiresAt,
        metadata: input.metadata,
        createdAt: now,
        updatedAt: now,
      },
    });
    await recordChange(tx, ctx, 'checkout_session.created', toCheckoutSessionInEvent(session));
    return session;
  });
}

async function invoiceOf(
  ctx: TenantContext,
  tx: TenantTransaction,
  input: CreateCheckoutSession,
): Promise<Invoice> {
  const invoice =
    input.invoiceId === undefined
      ? await issueCheckoutInvoice(ctx, tx, input)
      : await lockInvoice(tx.db, input.invoiceId);
  if (!invoiceStates.canMove(invoice.status, 'settle') || invoice.amountDue <= 0n)
    throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
  return invoice;
}

function refuseBadAddresses({ mode }: TenantContext, input: CreateCheckoutSession): void {
  const errors = (['successUrl', 'cancelUrl'] as const).flatMap((key) => {
    const address = input[key];
    const message = address === undefined ? null : returnAddressRefusal(address, mode);
    return message === null ? [] : [{ pointer: `/${key}`, code: 'invalid_url', message }];
  });
  if (errors.length > 0) throw invalidRequest('Customers cannot be sent to such an address.', { errors });
}
