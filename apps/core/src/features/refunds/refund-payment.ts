import type { Payment, Refund } from '@nova/prisma-tenant';

import { planRefund } from '../../domain/credit-notes/settlement.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeBalance, lockBalance } from '../balances/change-balance.js';
import { readSettlement } from '../credit-notes/creditable-invoice.js';
import { refundExceedsPayments } from '../credit-notes/credit-notes.errors.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { requirePayment } from '../payments/payments.repository.js';
import { beginRefund } from './begin-refund.js';
import { endParked } from './end-parked.js';
import { refundablePayment, settles } from './refundable-payments.js';
import { FROM_BALANCE, FROM_EXCESS, UNSETTLED } from './refund-source.js';
import { paymentNotRefundable } from './refunds.errors.js';
import type { RefundPayment } from './refunds.schemas.js';

/**
 * Gives money of a payment back without a credit note: money that settled nothing, that was more than due, or that a credit
 * note has put on the customer's balance; of the balance only what is still there. Anything else takes back a part of an invoice, which a credit note does.
 * @throws notFound, paymentNotRefundable, refundExceedsPayments
 */
export async function refundPayment(
  ctx: TenantContext,
  paymentId: string,
  input: RefundPayment,
): Promise<Refund> {
  return ctx.transaction(async (tx) => {
    const { invoiceId } = await requirePayment(tx.db, paymentId);
    await lockInvoice(tx.db, invoiceId);
    const { payment, rest, excess } = await refundablePayment(tx.db, paymentId);
    if (payment.status !== 'succeeded') {
      throw paymentNotRefundable(`Payment ${payment.id} is ${payment.status}: no money came.`);
    }
    const note = input.note ?? null;
    const there = await excessOnBalance(tx, payment, excess);
    const wanted = input.amount === undefined ? null : BigInt(input.amount);
    if (there > 0n && (wanted ?? 0n) <= there) {
      return refundExcess(ctx, tx, { payment, amount: wanted ?? there, note });
    }
    const amount = wanted ?? rest;
    if (amount > rest || amount === 0n) throw tooMuch(rest > there ? rest : there);
    if (!settles(payment)) {
      const source = await nextSource(tx, payment, UNSETTLED);
      const refund = await beginRefund(ctx, tx, { payment, creditNoteId: null, amount, source, note });
      if (amount === rest) await endParked(ctx, tx, { payment, refund });
      return refund;
    }
    const source = await nextSource(tx, payment, FROM_BALANCE);
    await takeFromBalance(ctx, tx, { payment, amount, source });
    return beginRefund(ctx, tx, { payment, creditNoteId: null, amount, source, note });
  });
}

/** How much of what a payment put on the balance is still there. */
async function excessOnBalance(tx: TenantTransaction, payment: Payment, excess: bigint): Promise<bigint> {
  if (excess === 0n) return 0n;
  const balance = await lockBalance(tx, payment.customerId, payment.currency);
  return balance < excess ? balance : excess;
}

/** Gives back what was more than due: it is taken off the balance, where it went. */
async function refundExcess(
  ctx: TenantContext,
  tx: TenantTransaction,
  { payment, amount, note }: { payment: Payment; amount: bigint; note: string | null },
): Promise<Refund> {
  const { customerId, currency, invoiceId } = payment;
  const source = await nextSource(tx, payment, FROM_EXCESS);
  await changeBalance(ctx, tx, {
    customerId,
    currency,
    kind: 'refund',
    amount: -amount,
    source: `refund:${source}`,
    invoiceId,
  });
  return beginRefund(ctx, tx, { payment, creditNoteId: null, amount, source, note });
}

async function takeFromBalance(
  ctx: TenantContext,
  tx: TenantTransaction,
  { payment, amount, source }: { payment: Payment; amount: bigint; source: string },
): Promise<void> {
  const { customerId, currency, invoiceId } = payment;
  const invoice = await tx.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
  const settlement = await readSettlement(tx.db, invoice);
  const balance = await lockBalance(tx, customerId, currency);
  const credit = settlement.toBalance < balance ? settlement.toBalance : balance;
  if (credit < amount) {
    throw paymentNotRefundable(
      `Of payment ${payment.id}, credit notes have put ${credit} on the balance that is still there. Issue a credit note for the rest.`,
    );
  }
  const { fromBalance } = planRefund({ settlement, balance, amount });
  await changeBalance(ctx, tx, {
    customerId,
    currency,
    kind: 'refund',
    amount: -fromBalance,
    source: `refund:${source}`,
    invoiceId,
  });
}

/** Told apart by how many there were before, under the invoice's lock. */
async function nextSource(tx: TenantTransaction, payment: Payment, prefix: string): Promise<string> {
  const before = await tx.db.refund.count({ where: { paymentId: payment.id } });
  return `${prefix}${payment.id}:${before + 1}`;
}

function tooMuch(rest: bigint): Error {
  const message = rest === 0n ? 'nothing is left of the payment' : `must be from 1 to ${rest}`;
  return refundExceedsPayments(`Of the payment, ${rest} can be refunded.`, {
    errors: [{ pointer: '/amount', code: 'too_much', message }],
  });
}
