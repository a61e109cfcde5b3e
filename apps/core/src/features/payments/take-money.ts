import type { Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeBalance } from '../balances/change-balance.js';
import { applyPayment } from '../invoices/settle-invoice.js';

/** Whether an invoice can take money at all. */
export function takesMoney({ status, amountDue }: Pick<Invoice, 'status' | 'amountDue'>): boolean {
  return invoiceStates.canMove(status, 'settle') && amountDue > 0n;
}

export interface NewMoney {
  readonly invoice: Invoice;
  readonly paymentId: string;
  readonly amount: bigint;
  /** The session on whose page it was paid. */
  readonly checkoutSessionId?: string | null;
}

/**
 * Gives the money of a payment to an invoice that takes some: less than is due pays a part of it, and what is more goes to
 * the customer's balance. Called once for a payment, with the invoice's row held.
 * @returns what went to the balance, in minor units
 */
export async function takeMoney(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, paymentId, amount, checkoutSessionId = null }: NewMoney,
): Promise<bigint> {
  const taken = amount < invoice.amountDue ? amount : invoice.amountDue;
  await applyPayment(ctx, tx, { invoiceId: invoice.id, amount: taken, checkoutSessionId });
  const excess = amount - taken;
  if (excess > 0n) await putOnBalance(ctx, tx, { invoice, paymentId, excess });
  return excess;
}

/** Puts a payment's money, or a part of it, on the balance of the customer who paid. */
export async function putOnBalance(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, paymentId, excess }: { invoice: Invoice; paymentId: string; excess: bigint },
): Promise<void> {
  await changeBalance(ctx, tx, {
    customerId: invoice.customerId,
    currency: invoice.currency,
    kind: 'payment_excess',
    amount: excess,
    source: `payment_excess:${paymentId}`,
    invoiceId: invoice.id,
  });
}
