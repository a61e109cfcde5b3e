import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { recordArrival } from '../payments/record-arrival.js';
import { takesMoney } from '../payments/take-money.js';
import { reconcileSoon } from '../reconciliation/ensure-reconciliation.js';
import { findAttempt, settleAttempt } from './attempt-of-money.js';
import { findInBooks } from './confirm-by-books.js';
import { findBill } from './find-bill.js';
import { knownMoney } from './known-money.js';
import { parkAnew, type ParkedMoney } from './park-money.js';
import { claimParked } from './resolve-parked.js';
import type { UnaskedMoney } from './unasked-money.js';

/** What became of money that nobody asked for. */
export type Received =
  /** It was in the books before, or was an attempt's of ours. */
  | { readonly kind: 'counted' }
  /** It has gone to an invoice; what was more than due, to the customer's balance. */
  | { readonly kind: 'taken'; readonly payment: Payment }
  /** A person has to look at it. */
  | { readonly kind: 'parked' };

/**
 * Takes in money that came though nobody asked for it: paid by hand to a pay bill number, for example. The bill that the
 * payer names is the invoice's number, our id, the tenant's own id or a reference of ours; nobody is ever found by a phone
 * number. References at other providers are made by software, of which the tenant may have more than ours on one account, so
 * that only ours count there. Nothing is given before the provider's own books have it, and what they say of it counts. Told of twice, by whatever
 * way, it counts once.
 */
export async function receiveUnasked(
  ctx: TenantContext,
  providers: PaymentProviders,
  money: UnaskedMoney,
): Promise<Received> {
  const known = await knownMoney(ctx.db, money);
  if (known) return { kind: known.kind };
  const attempt = await findAttempt(ctx, money);
  if (attempt && (await settleAttempt(ctx, providers, attempt, money))) return { kind: 'counted' };
  const booked = await findInBooks(ctx, providers, money);
  if (!booked?.amount) {
    return ctx.transaction(async (tx) => {
      await reconcileSoon(ctx, tx, money.provider);
      return park(ctx, tx, parkedAs(money, 'unconfirmed'));
    });
  }
  const { amount, currency, reference } = booked;
  return receiveConfirmed(ctx, {
    ...money,
    amount,
    currency,
    billReference: reference ?? money.billReference,
  });
}

/** The same of money that the provider's own books have. */
export async function receiveConfirmed(ctx: TenantContext, money: UnaskedMoney): Promise<Received> {
  const { provider, providerPaymentId, billReference, receipt } = money;
  const invoiceId = billReference === null ? null : await findBill(ctx.db, { provider, text: billReference });
  return ctx.transaction(async (tx): Promise<Received> => {
    if (invoiceId === null) return park(ctx, tx, parkedAs(money, 'unknown_reference'));
    const invoice = await lockInvoice(tx.db, invoiceId);
    const known = await knownMoney(tx.db, money);
    if (known) return { kind: known.kind };
    const whose = { invoiceId: invoice.id, customerId: invoice.customerId };
    if (invoice.currency !== money.currency) {
      return park(ctx, tx, { ...parkedAs(money, 'currency_differs'), ...whose });
    }
    if (!takesMoney(invoice)) return park(ctx, tx, { ...parkedAs(money, 'invoice_not_open'), ...whose });
    const payment = await recordArrival(ctx, tx, invoice, { ...money, to: 'invoice' });
    await claimParked(ctx, tx, { provider, ids: [providerPaymentId, receipt], paymentId: payment.id });
    return { kind: 'taken', payment };
  });
}

async function park(ctx: TenantContext, tx: TenantTransaction, money: ParkedMoney): Promise<Received> {
  await parkAnew(ctx, tx, money);
  return { kind: 'parked' };
}

function parkedAs(money: UnaskedMoney, reason: ParkedMoney['reason']): ParkedMoney {
  const { provider, providerPaymentId, amount, currency, receipt, payer, billReference } = money;
  return { provider, providerPaymentId, reason, reference: billReference, amount, currency, receipt, payer };
}
