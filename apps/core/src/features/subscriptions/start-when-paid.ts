import type { Customer, Invoice, Plan, Subscription } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { billableOf } from './act-on-subscription.js';
import { applyAct } from './acts/apply-act.js';
import { planMove } from './acts/plan-move.js';
import { announceScheduled, insertSubscription, planSubscription } from './create-subscription.js';
import { CreateSubscriptionSchema } from './subscriptions.schemas.js';

/** What a customer is to have once it is paid. */
export interface AwaitedStart {
  readonly customer: Customer;
  readonly plan: Plan;
  readonly currency: string;
  /** Days until its first invoice is due: longer than anybody waits for it to be paid. */
  readonly netTermsDays: number;
}

export interface Awaited {
  readonly subscription: Subscription;
  /** Its first invoice; null when there is nothing to pay, and it may start at once. */
  readonly invoice: Invoice | null;
}

/**
 * Makes a subscription that grants nothing and bills nothing more until its first invoice, issued now, is paid:
 * `startPaid` starts it then. Nobody is charged for the invoice unattended. From the start on it is charged
 * automatically. Its first period counts from now.
 * @throws notOffered, itemsDoNotFit, amountTooLarge
 */
export async function createAwaiting(
  ctx: TenantContext,
  tx: TenantTransaction,
  { customer, plan, currency, netTermsDays }: AwaitedStart,
): Promise<Awaited> {
  await lockAccounts(tx.db, [customer.id]);
  const input = CreateSubscriptionSchema.parse({
    customerId: customer.id,
    planId: plan.id,
    currency,
    trialDays: 0,
    collectionMethod: 'charge_automatically',
  });
  const planned = await planSubscription(ctx, tx.db, { id: newId('sub'), input, customer, plan });
  const subscription = { ...planned.subscription, nextBillingAt: null };
  await insertSubscription(tx, { ...planned, subscription });
  const { invoices } = await planMove(ctx, tx.db, { before: planned, move: 'start' });
  const [invoice = null] = await writeInvoices(
    ctx,
    tx,
    invoices.map((first) => ({ ...first, collectionMethod: 'send_invoice' as const, netTermsDays })),
  );
  const awaiting = await tx.db.subscription.update({
    where: { id: subscription.id },
    data: { awaitsInvoiceId: invoice?.id ?? null },
  });
  await announceScheduled(ctx, tx, { ...planned, subscription: awaiting });
  return { subscription: awaiting, invoice };
}

/** Starts a subscription whose first invoice is paid; the caller holds its row. */
export async function startPaid(
  ctx: TenantContext,
  tx: TenantTransaction,
  awaiting: Subscription,
): Promise<void> {
  const before = await billableOf(tx.db, { ...awaiting, awaitsInvoiceId: null });
  const act = await planMove(ctx, tx.db, { before, move: 'start' });
  await tx.db.subscription.update({ where: { id: awaiting.id }, data: { awaitsInvoiceId: null } });
  // What it brings, it brings from now on; its first period was billed when it was made.
  await applyAct(ctx, tx, { ...act, at: ctx.clock.now(), invoices: [] });
}
