import type { Reconciliation as Row } from '@nova/prisma-tenant';

import { nextTryAfterMs, windowsToCompare } from '../../domain/payments/reconciliation-windows.js';
import { systemClock } from '../../platform/clock/clock.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { compareBooks } from './compare-books.js';
import { nextReading } from './ensure-reconciliation.js';

/** A test clock that is moved by a year passes many due moments within seconds: the books are read once. */
const READ_AT_MOST_EVERY_MS = 5_000;
const DAYS_UNREAD = 7;
/** What one job may do at most; what is left is due again soon. */
const RUN_LIMIT_MS = 20_000;
const GO_ON_AFTER_MS = 60_000;

/**
 * Compares the books of every provider that is due with ours. One that cannot be read is put off, so that the others go on.
 * May run twice at once.
 */
export async function reconcileProviders(ctx: TenantContext, providers: PaymentProviders): Promise<void> {
  const due = await ctx.db.reconciliation.findMany({
    where: { nextAt: { lte: ctx.clock.now() } },
    orderBy: [{ nextAt: 'asc' }, { provider: 'asc' }],
  });
  for (const row of due) {
    try {
      await reconcileOne(ctx, providers, row);
    } catch (error) {
      if (isSchemaBehind(error)) throw error;
      ctx.log.error({ err: error, provider: row.provider }, 'The books of a provider could not be compared.');
      await putOff(ctx, row, 'The comparison failed on our side.');
    }
  }
}

/** The provider whose books are compared first. */
export async function firstReconciliation(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.reconciliation.findFirst({
    orderBy: [{ nextAt: 'asc' }, { provider: 'asc' }],
    select: { provider: true, nextAt: true },
  });
  return first && { at: first.nextAt, id: first.provider };
}

/** Providers live in real time, whatever the tenant's clock says. */
async function reconcileOne(ctx: TenantContext, providers: PaymentProviders, row: Row): Promise<void> {
  const now = systemClock.now();
  if (row.failures === 0 && now.getTime() - row.reconciledUntil.getTime() < READ_AT_MOST_EVERY_MS) {
    return goOn(ctx, row, { reconciledUntil: row.reconciledUntil, nextAt: nextReading(ctx, DAYS_UNREAD) });
  }
  const provider = await providers.of(ctx, row.provider);
  const deadline = performance.now() + RUN_LIMIT_MS;
  for (const window of windowsToCompare(row, now)) {
    const books = await provider.reconcile(ctx, window);
    if (books.kind === 'unknown') return putOff(ctx, row, books.message);
    if (books.kind === 'listed') {
      await compareBooks(ctx, providers, { provider: row.provider, charges: books.charges, readAt: now });
    }
    if (performance.now() > deadline && window.to > row.reconciledUntil) {
      return goOn(ctx, row, { reconciledUntil: window.to, nextAt: later(ctx, GO_ON_AFTER_MS) });
    }
  }
  return goOn(ctx, row, { reconciledUntil: now, nextAt: nextReading(ctx) });
}

function goOn(
  ctx: TenantContext,
  { provider }: Row,
  moments: { reconciledUntil: Date; nextAt: Date },
): Promise<void> {
  return change(ctx, provider, { ...moments, failures: 0, lastError: null });
}

/** Nothing was learned: the books are read from the same moment on another time. */
function putOff(ctx: TenantContext, { provider, failures }: Row, lastError: string): Promise<void> {
  ctx.log.warn({ provider, lastError }, 'The books of a provider could not be read.');
  // A test clock would come by every step of the ladder, for months.
  const isOften = ctx.mode === 'test' && failures >= 3;
  const nextAt = isOften ? nextReading(ctx, DAYS_UNREAD) : later(ctx, nextTryAfterMs(failures));
  return change(ctx, provider, { nextAt, failures: failures + 1, lastError });
}

function later({ clock }: TenantContext, afterMs: number): Date {
  return new Date(clock.now().getTime() + afterMs);
}

async function change(
  ctx: TenantContext,
  provider: string,
  data: Partial<Row> & { nextAt: Date },
): Promise<void> {
  const updatedAt = ctx.clock.now();
  await ctx.transaction(async (tx) => {
    await tx.db.reconciliation.update({ where: { provider }, data: { ...data, updatedAt } });
    tx.due('reconciliations', data.nextAt);
  });
}
