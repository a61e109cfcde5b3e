import type { DunningRun, Invoice, Subscription } from '@nova/prisma-tenant';

import type { FinalAction } from '../../domain/dunning/dunning-policy.js';
import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { giveUpInvoice } from '../invoices/give-up-invoice.js';
import { billableOf } from '../subscriptions/act-on-subscription.js';
import { applyAct } from '../subscriptions/acts/apply-act.js';
import { planCancel } from '../subscriptions/acts/plan-cancel.js';
import { planPause } from '../subscriptions/acts/plan-pause.js';
import { lockSubscription } from '../subscriptions/subscriptions.repository.js';
import { writeEntry } from './dunning-entries.js';
import { toDunningRunWire } from './dunning-run-wire.js';

type Verb = 'pause' | 'cancel';

/**
 * Ends the dunning of an invoice that nobody has paid, and does what its policy says then. The invoice stays owed unless it
 * is given up; what its subscriptions were billed besides is theirs to be paid.
 *
 * A pause stops service and moves the end of the period by its days (`extend`): neither is a new invoice made nor the
 * unpaid one credited, and who pays goes on with the days that he has paid for.
 */
export async function takeFinalAction(
  ctx: TenantContext,
  tx: TenantTransaction,
  run: DunningRun,
  invoice: Invoice,
): Promise<void> {
  const finalAction = run.finalAction as FinalAction;
  const exhausted = await tx.db.dunningRun.update({
    where: { id: run.id },
    data: { status: 'exhausted', nextStepAt: null, endedAt: ctx.clock.now() },
  });
  await writeEntry(ctx, tx, run, { kind: 'exhausted' });
  await recordChange(tx, ctx, 'dunning.exhausted', toDunningRunWire(exhausted), { facts: { finalAction } });
  if (finalAction === 'none') return;
  if (finalAction === 'uncollectible') {
    await giveUpInvoice(ctx, tx, invoice);
    await writeEntry(ctx, tx, run, { kind: 'uncollectible' });
    return;
  }
  await actOnSubscriptions(ctx, tx, { run, invoice, verb: finalAction });
}

async function actOnSubscriptions(
  ctx: TenantContext,
  tx: TenantTransaction,
  { run, invoice, verb }: { run: DunningRun; invoice: Invoice; verb: Verb },
): Promise<void> {
  const able: Subscription[] = [];
  const unable: string[] = [];
  for (const id of await subscriptionsOf(tx, invoice)) {
    const subscription = await lockSubscription(tx.db, id);
    if (subscriptionStates.canMove(subscription.status, verb)) able.push(subscription);
    else unable.push(`Subscription ${id} is ${subscription.status}.`);
  }
  const done = able.map(({ id }) => `Subscription ${id}.`);
  const note = [...done, ...unable].join(' ') || 'The invoice is of no subscription.';
  await writeEntry(ctx, tx, run, { kind: verb, note });
  // Last, for they may issue invoices, whose numbers are taken as late as can be.
  for (const subscription of able) await act(ctx, tx, subscription, verb);
}

async function act(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscription: Subscription,
  verb: Verb,
): Promise<void> {
  const before = await billableOf(tx.db, subscription);
  const planned =
    verb === 'pause'
      ? await planPause(ctx, tx.db, { before, pause: { mode: 'extend', resumesAt: null } })
      : await planCancel(ctx, tx.db, {
          before,
          at: ctx.clock.now(),
          credit: 'none',
          reason: 'Its invoice was not paid.',
        });
  await applyAct(ctx, tx, planned);
}

/** All that an invoice bills, for an invoice may be of several. */
async function subscriptionsOf({ db }: TenantTransaction, { id }: Invoice): Promise<string[]> {
  const lines = await db.invoiceLine.findMany({
    where: { invoiceId: id, subscriptionId: { not: null } },
    distinct: ['subscriptionId'],
    orderBy: { subscriptionId: 'asc' },
    select: { subscriptionId: true },
  });
  return lines.flatMap(({ subscriptionId }) => (subscriptionId === null ? [] : [subscriptionId]));
}
