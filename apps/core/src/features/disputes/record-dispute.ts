import type { Dispute } from '@nova/prisma-tenant';

import { disputeAfter, type DisputeStatus, isClosed } from '../../domain/payments/dispute-state.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeEvent } from '../events/record-change.js';
import { type NewEvent, recordEvents } from '../events/record-event.js';
import { type DisputeWire, toDisputeWire } from './dispute-wire.js';

/** What a provider tells of a dispute. */
export interface DisputeNews {
  readonly provider: string;
  readonly providerDisputeId: string;
  readonly providerPaymentId: string | null;
  /** Our reference of the payment, where it is told. */
  readonly reference: string | null;
  readonly status: DisputeStatus;
  readonly reason: string | null;
  /** Minor units; where they are not told, the payment's own are taken. */
  readonly amount: bigint | null;
  readonly currency: string | null;
  readonly dueBy: Date | null;
}

/** Writes down where a dispute stands, told in any order and any number of times. No money moves by it. */
export async function recordDispute(
  ctx: TenantContext,
  tx: TenantTransaction,
  news: DisputeNews,
): Promise<Dispute> {
  const before = await insertOrLock(ctx, tx, news);
  if ('created' in before) return tellOfNew(ctx, tx, before.created);
  const { known } = before;
  const status = disputeAfter(known.status as DisputeStatus, news.status);
  const isNewer = status === news.status && !isClosed(known.status as DisputeStatus);
  const payment = known.paymentId === null ? await findPayment(tx, news) : null;
  const data = {
    ...(isNewer ? { status, reason: news.reason ?? known.reason, dueBy: news.dueBy ?? known.dueBy } : {}),
    ...(payment ? { paymentId: payment.id } : {}),
  };
  const shown = toDisputeWire(known);
  const now = ctx.clock.now();
  const closedAt = isNewer && isClosed(status) ? now : known.closedAt;
  const wanted = toDisputeWire({ ...known, ...data, closedAt });
  if (JSON.stringify(wanted) === JSON.stringify(shown)) return known;
  const changed = await tx.db.dispute.update({
    where: { id: known.id },
    data: { ...data, closedAt, updatedAt: now },
  });
  await recordEvents(tx, ctx, [updateEvent(shown, changed)]);
  return changed;
}

/** The row of the dispute, held until the transaction ends; made when there is none. */
async function insertOrLock(
  ctx: TenantContext,
  tx: TenantTransaction,
  news: DisputeNews,
): Promise<{ created: Dispute } | { known: Dispute }> {
  const { provider, providerDisputeId, status, reason, dueBy } = news;
  const where = { provider_providerDisputeId: { provider, providerDisputeId } };
  await tx.db.$queryRaw`
    SELECT id FROM disputes WHERE provider = ${provider} AND provider_dispute_id = ${providerDisputeId} FOR UPDATE`;
  const known = await tx.db.dispute.findUnique({ where });
  if (known) return { known };
  const payment = await findPayment(tx, news);
  const now = ctx.clock.now();
  const { count } = await tx.db.dispute.createMany({
    data: [
      {
        id: newId('dsp'),
        provider,
        providerDisputeId,
        paymentId: payment?.id ?? null,
        status,
        reason,
        amount: news.amount ?? payment?.amount ?? 0n,
        currency: news.currency ?? payment?.currency ?? ctx.tenant.currency,
        dueBy,
        closedAt: isClosed(status) ? now : null,
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
  });
  const row = await tx.db.dispute.findUniqueOrThrow({ where });
  // Another delivery was faster: its row is committed by now, and goes by what was told here.
  return count > 0 ? { created: row } : insertOrLock(ctx, tx, news);
}

function findPayment(tx: TenantTransaction, { provider, providerPaymentId, reference }: DisputeNews) {
  const names = [
    ...(providerPaymentId === null ? [] : [{ providerPaymentId }, { receipt: providerPaymentId }]),
    ...(reference === null ? [] : [{ reference }]),
  ];
  if (names.length === 0) return null;
  return tx.db.payment.findFirst({ where: { provider, OR: names }, orderBy: { createdAt: 'desc' } });
}

async function tellOfNew(ctx: TenantContext, tx: TenantTransaction, dispute: Dispute): Promise<Dispute> {
  const shown = toDisputeWire(dispute);
  const events = [changeEvent('dispute.created', shown)];
  if (dispute.closedAt) events.push(changeEvent('dispute.closed', shown));
  await recordEvents(tx, ctx, events);
  return dispute;
}

function updateEvent(before: DisputeWire, dispute: Dispute): NewEvent {
  const shown = toDisputeWire(dispute);
  return before.closedAt === null && dispute.closedAt !== null
    ? changeEvent('dispute.closed', shown)
    : changeEvent('dispute.updated', shown, { before });
}
