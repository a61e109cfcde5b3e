import type { Subscription } from '@nova/prisma-tenant';

import { saysAway } from '../../platform/http/away.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { preferIndexes } from '../billing/prefer-indexes.js';
import { applyDueEvent } from './apply-due-event.js';
import { billRenewals } from './bill-renewals.js';
import { claimDue, type ClaimedDue, type ClaimOf } from './claim-due.js';
import { deferBilling } from './defer-billing.js';
import { loadChangeMoments, nextBilling } from './next-billing.js';
import { turns } from './take-turns.js';

/**
 * What one job may do at most, so that no tenant keeps a worker for long (ADR 0007). What is left is due still, and comes
 * back as another job, which ranks behind those of tenants whose work has just come due.
 */
const PERIODS_PER_RUN = 2_000;
const RUN_LIMIT_MS = 1_500;
/** How many subscriptions one transaction bills: enough to share its cost, few enough to be quick. */
const BATCH = 500;
/** More than can fall on one moment of one subscription; what is left then stays due. */
const ACTS_MAX = 20;

/** What the batches of a run share. */
interface Run {
  readonly deadline: number;
  /** How many periods may still be claimed. */
  left: number;
  /** Claims come one after the other: the subscriptions that an invoice is shared by go into one batch, as a whole. */
  readonly inTurn: ReturnType<typeof turns>;
  /** What bills beside the first, where there is enough for two. */
  beside: Promise<void> | null;
  /** What has ended the run before its time. */
  readonly failures: unknown[];
}

/** What a batch has come to. */
interface Batch {
  readonly claimed: readonly string[];
  /** Those that something else than a plain start or renewal is due of. They were not touched. */
  readonly special: readonly string[];
}

/**
 * Bills every subscription that is due by the tenant's clock, the longest overdue first: plain starts and renewals
 * together in batches, all else one by one. A run that is killed has lost nothing, and periods that were missed are
 * caught up one after the other. May run twice at once. A subscription that cannot be billed is put off with its error,
 * and the others go on.
 *
 * Where there is more than one batch, two are in flight: PostgreSQL works on one while the other is rated.
 */
export async function runBilling(
  ctx: TenantContext,
  { periodsMax = PERIODS_PER_RUN }: { periodsMax?: number } = {},
): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  const run: Run = { deadline, left: periodsMax, inTurn: turns(), beside: null, failures: [] };
  await billOn(ctx, run);
  await run.beside;
  if (run.failures.length > 0) throw run.failures[0];
}

/** Bills batch after batch, until nothing is due or the run has done what it may. */
async function billOn(ctx: TenantContext, run: Run): Promise<void> {
  try {
    while (run.left > 0 && performance.now() < run.deadline) {
      const most = Math.min(BATCH, run.left);
      run.left -= most;
      const claimed = await billBatch(ctx, run, { most });
      run.left += most - claimed;
      if (claimed === 0 || (claimed < most && !(await isMoreDue(ctx)))) return;
    }
  } catch (error) {
    // Thrown when the other has come to its end too, for the context is the caller's.
    run.failures.push(error);
  }
}

/** Whether something is due still, as where periods were missed: cheaper to ask than a transaction that claims nothing. */
async function isMoreDue(ctx: TenantContext): Promise<boolean> {
  const first = await firstBilling(ctx.db);
  return first !== null && first.at <= ctx.clock.now();
}

/** The subscription that is due first. Not an aggregate: Prisma's reads the whole table, this the index's first row. */
export async function firstBilling(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.subscription.findFirst({
    where: { nextBillingAt: { not: null } },
    orderBy: [{ nextBillingAt: 'asc' }, { id: 'asc' }],
    select: { id: true, nextBillingAt: true },
  });
  return first?.nextBillingAt ? { at: first.nextBillingAt, id: first.id } : null;
}

/** @returns how many subscriptions were found due */
async function billBatch(ctx: TenantContext, run: Run, claim: ClaimOf): Promise<number> {
  const attempt: { claimed: readonly string[] } = { claimed: [] };
  let batch: Batch;
  try {
    batch = await ctx.transaction(async (tx) => {
      await preferIndexes(tx);
      const claimed = await run.inTurn(() => claimDue(ctx, tx, claim));
      attempt.claimed = claimed.due.map(({ id }) => id);
      if ('most' in claim && claimed.due.length >= claim.most) run.beside ??= billOn(ctx, run);
      return billPlain(ctx, tx, claimed);
    });
  } catch (error) {
    return handleFailure(ctx, run, { claim, claimed: attempt.claimed, error });
  }
  for (const id of batch.special) await applyOne(ctx, run, id);
  return batch.claimed.length;
}

async function billPlain(
  ctx: TenantContext,
  tx: TenantTransaction,
  { due, together }: ClaimedDue,
): Promise<Batch> {
  const ids = due.map(({ id }) => id);
  if (ids.length === 0) return { claimed: [], special: [] };
  const changeOf = await loadChangeMoments(tx.db, ids);
  const plain = due.filter((subscription) => isPlain(subscription, changeOf(subscription.id)));
  await billRenewals(ctx, tx, plain, { changeOf, together });
  const done = new Set(plain.map(({ id }) => id));
  return { claimed: ids, special: ids.filter((id) => !done.has(id)) };
}

/** Whether nothing else is due than that a period ends or the first one begins. */
function isPlain(subscription: Subscription, changeAt: Date | null): boolean {
  const next = nextBilling(subscription, changeAt);
  if (next?.kind === 'start') return subscription.trialEndsAt === null;
  return next?.kind === 'period_end' && subscription.status !== 'trialing';
}

/**
 * One subscription that cannot be billed fails its batch: then each is tried by itself, or with those that it shares an
 * invoice with. When the database is away or awaits a migration, no subscription is to blame: the whole job is tried
 * again.
 */
async function handleFailure(
  ctx: TenantContext,
  run: Run,
  { claim, claimed, error }: { claim: ClaimOf; claimed: readonly string[]; error: unknown },
): Promise<number> {
  if (saysAway(error) || isSchemaBehind(error) || claimed.length === 0) throw error;
  const wasAlone = 'ids' in claim || claimed.length === 1;
  for (const id of claimed) {
    if (wasAlone) await deferBilling(ctx, id, error);
    else await billBatch(ctx, run, { ids: [id] });
  }
  return claimed.length;
}

/** Each act is a transaction of its own, for its credit notes are numbered before its invoices (`lockAccounts`). */
async function applyOne(ctx: TenantContext, run: Run, id: string): Promise<void> {
  try {
    for (let count = 0; count < ACTS_MAX; count++) {
      const applied = await ctx.transaction(async (tx) => {
        const { due } = await run.inTurn(() => claimDue(ctx, tx, { ids: [id] }));
        const subscription = due.find((one) => one.id === id);
        // Another run may hold the row, or have done it meanwhile: then there is nothing left to do here.
        return subscription ? applyDueEvent(ctx, tx, subscription) : 'nothing_due';
      });
      if (applied === 'nothing_due') return;
    }
  } catch (error) {
    if (saysAway(error) || isSchemaBehind(error)) throw error;
    await deferBilling(ctx, id, error);
  }
}
