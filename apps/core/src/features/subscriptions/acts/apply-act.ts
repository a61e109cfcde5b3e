import type { CreditNote, Invoice, Prisma, Subscription } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { recordMrr } from '../../analytics/mrr/record-mrr.js';
import { writeInvoices } from '../../billing/write-invoices.js';
import { issueCreditNote } from '../../credit-notes/issue-credit-note.js';
import { endDunningOfSubscription } from '../../dunning/end-dunning.js';
import { loadChangeMoments, nextBilling } from '../next-billing.js';
import type { Act } from './act.js';
import { draftsFirst } from './drafts-first.js';
import { freeClaims } from './free-claims.js';
import { writeItems } from './write-items.js';
import { recordChange } from '../../events/record-change.js';
import { readSubscriptionInEvent } from '../subscription-event.js';

/** What an act has led to. */
export interface Applied {
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
}

/**
 * Writes an act whose subscription's row this transaction holds: the row and its items, then the credit notes, so that
 * the invoices can take what they put on the balance, then the invoices, the history and the event. All of it or nothing.
 * @throws invoicePaymentInFlight, amountTooLarge
 */
export async function applyAct(ctx: TenantContext, tx: TenantTransaction, act: Act): Promise<Applied> {
  const { before, after, changeId } = act;
  const now = ctx.clock.now();
  const { id, currentPeriodEnd } = after.subscription;
  const historyId = changeId ?? newId('chg');
  if (changeId !== null) {
    await tx.db.subscriptionChange.update({
      where: { id: changeId },
      data: { status: 'applied', appliedAt: now },
    });
  }
  if (after.subscription.status === 'canceled') {
    await dropChanges(tx, id, now);
    await endDunningOfSubscription(ctx, tx, id);
  } else if (currentPeriodEnd.getTime() !== before.subscription.currentPeriodEnd.getTime()) {
    await moveChanges(tx, id, currentPeriodEnd);
  }
  await writeItems(tx, before, after);
  await writeRow(ctx, tx, after.subscription);
  await recordMrr(ctx, tx, { subscriptionIds: [id], at: paidSince(act) });
  const notes: (CreditNote | null)[] = [];
  for (const [index, { invoiceId, lines }] of await draftsFirst(tx, act.credits)) {
    const source = `${historyId}:${index}`;
    notes[index] = await issueCreditNote(ctx, tx, {
      invoiceId,
      lines,
      to: 'auto',
      reason: 'unused_time',
      source,
    });
  }
  const invoices = await writeInvoices(ctx, tx, await freeClaims(tx, act.invoices));
  const applied = { invoices, creditNotes: notes.filter((note) => note !== null) };
  await keepHistory(tx, { act, historyId, applied, now });
  const { status } = after.subscription;
  const facts = { at: act.at.toISOString(), status, ...act.request, ...idsOf(applied) };
  const shown = await readSubscriptionInEvent(tx.db, id);
  await recordChange(tx, ctx, `subscription.${act.kind}`, shown, { facts });
  return applied;
}

/** From when on a subscription brings what it now does: one that started in the past with a trial, after that. */
function paidSince({ at, after: { subscription } }: Act): Date {
  const { trialEndsAt, status } = subscription;
  return status === 'active' && trialEndsAt !== null && trialEndsAt > at ? trialEndsAt : at;
}

/** Writes what an act may change of the row, and when something happens next. */
async function writeRow(ctx: TenantContext, tx: TenantTransaction, row: Subscription): Promise<void> {
  const changeOf = await loadChangeMoments(tx.db, [row.id]);
  const next = nextBilling(row, changeOf(row.id));
  tx.due('billing', next?.at ?? null);
  await tx.db.subscription.update({
    where: { id: row.id },
    data: {
      planId: row.planId,
      planVersion: row.planVersion,
      status: row.status,
      interval: row.interval,
      intervalCount: row.intervalCount,
      anchorDate: row.anchorDate,
      alignment: row.alignment,
      startedAt: row.startedAt,
      trialEndsAt: row.trialEndsAt,
      periodIndex: row.periodIndex,
      currentPeriodStart: row.currentPeriodStart,
      currentPeriodEnd: row.currentPeriodEnd,
      pausedAt: row.pausedAt,
      pauseMode: row.pauseMode,
      resumesAt: row.resumesAt,
      cancelAt: row.cancelAt,
      cancelAtPeriodEnd: row.cancelAtPeriodEnd,
      canceledAt: row.canceledAt,
      cancelReason: row.cancelReason,
      endedAt: row.endedAt,
      nextBillingAt: next?.at ?? null,
      billingError: null,
      billingRetries: 0,
      version: { increment: 1 },
      updatedAt: ctx.clock.now(),
    },
  });
}

/** What was agreed on for later is void with the subscription. */
async function dropChanges(tx: TenantTransaction, subscriptionId: string, now: Date): Promise<void> {
  await tx.db.subscriptionChange.updateMany({
    where: { subscriptionId, status: 'scheduled' },
    data: { status: 'canceled', canceledAt: now },
  });
}

/** A change that waits for the end of the period waits for where that is now. */
async function moveChanges(tx: TenantTransaction, subscriptionId: string, to: Date): Promise<void> {
  await tx.db.subscriptionChange.updateMany({
    where: { subscriptionId, status: 'scheduled', request: { path: ['timing'], equals: 'period_end' } },
    data: { effectiveAt: to },
  });
}

async function keepHistory(
  tx: TenantTransaction,
  { act, historyId, applied, now }: { act: Act; historyId: string; applied: Applied; now: Date },
): Promise<void> {
  const result = idsOf(applied);
  if (act.changeId !== null) {
    await tx.db.subscriptionChange.update({ where: { id: act.changeId }, data: { result } });
    return;
  }
  if (act.kind === 'renewed') return;
  const proration = act.request['proration'];
  await tx.db.subscriptionChange.create({
    data: {
      id: historyId,
      subscriptionId: act.after.subscription.id,
      status: 'applied',
      effectiveAt: act.at,
      proration: typeof proration === 'string' ? proration : 'none',
      request: { ...act.request, kind: act.kind },
      result,
      createdAt: now,
      appliedAt: now,
    },
  });
}

function idsOf({ invoices, creditNotes }: Applied): Prisma.InputJsonObject {
  return {
    invoiceIds: invoices.map(({ id }) => id),
    creditNoteIds: creditNotes.map(({ id }) => id),
  };
}
