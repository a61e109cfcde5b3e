import type { Invoice } from '@nova/prisma-tenant';

import { saysAway } from '../../platform/http/away.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { creditOverbilled } from './credit-overbilled.js';
import { finalizeDrafts } from './finalize-drafts.js';
import { preferIndexes } from './prefer-indexes.js';
import { rerateDrafts } from './rerate-drafts.js';

/** What one job may do at most, so that no tenant keeps a worker for long (ADR 0007). What is left comes back. */
const RUN_LIMIT_MS = 1_500;
const BATCH = 200;
/** How long a draft that could not be finalised is left alone. */
const RETRY_MS = 15 * 60_000;

/**
 * Finalises the drafts whose grace is over by the tenant's clock, those that have waited longest first, with the usage
 * that has come by now: a batch in one transaction, and one by one where a batch fails. May run twice at once. A draft that cannot be finalised is put off
 * with its error in the log, and the others go on.
 */
export async function finalizeDueInvoices(ctx: TenantContext): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  do {
    const ids = await readDue(ctx);
    if (ids.length === 0) return;
    const done = await finalizeBatch(ctx, ids);
    // Others hold what is left.
    if (done === 0) return;
  } while (performance.now() < deadline);
}

/** The draft that is to be finalised first. */
export async function firstFinalization(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.invoice.findFirst({
    where: { finalizeAt: { not: null } },
    orderBy: [{ finalizeAt: 'asc' }, { id: 'asc' }],
    select: { id: true, finalizeAt: true },
  });
  return first?.finalizeAt ? { at: first.finalizeAt, id: first.id } : null;
}

async function readDue(ctx: TenantContext): Promise<string[]> {
  const rows = await ctx.db.invoice.findMany({
    where: { finalizeAt: { lte: ctx.clock.now() } },
    orderBy: [{ finalizeAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** @returns how many drafts are no longer due */
async function finalizeBatch(ctx: TenantContext, ids: readonly string[]): Promise<number> {
  try {
    return await ctx.transaction((tx) => finalizeHeld(ctx, tx, ids));
  } catch (error) {
    // When the database is away or awaits a migration, no draft is to blame: the whole job is tried again.
    if (saysAway(error) || isSchemaBehind(error)) throw error;
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) return putOff(ctx, only, error);
    let done = 0;
    for (const id of ids) done += await finalizeBatch(ctx, [id]);
    return done;
  }
}

/** Those of customers whom another transaction holds are left for the next time. */
async function finalizeHeld(
  ctx: TenantContext,
  tx: TenantTransaction,
  ids: readonly string[],
): Promise<number> {
  await preferIndexes(tx);
  const held = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM invoices i JOIN customers c ON c.id = i.customer_id
    WHERE i.id = ANY(${[...ids]}) AND i.status = 'draft' AND i.finalize_at <= ${ctx.clock.now()}
    ORDER BY i.finalize_at, i.id FOR NO KEY UPDATE OF c, i SKIP LOCKED`;
  const drafts = await tx.db.invoice.findMany({ where: { id: { in: held.map(({ id }) => id) } } });
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const inOrder = held.map(({ id }) => byId.get(id)).filter((draft): draft is Invoice => draft !== undefined);
  const rated = await rerateDrafts(
    tx,
    inOrder.map(({ id }) => id),
  );
  await creditOverbilled(ctx, tx, rated.overbilled);
  await finalizeDrafts(ctx, tx, inOrder, rated.chargesOf);
  return inOrder.length;
}

async function putOff(ctx: TenantContext, id: string, error: unknown): Promise<number> {
  ctx.log.error({ err: error, invoiceId: id }, 'A draft could not be finalised and was put off');
  const finalizeAt = new Date(ctx.clock.now().getTime() + RETRY_MS);
  await ctx.transaction(async (tx) => {
    await tx.db.invoice.updateMany({ where: { id, status: 'draft' }, data: { finalizeAt } });
    tx.due('invoices', finalizeAt);
  });
  return 1;
}
