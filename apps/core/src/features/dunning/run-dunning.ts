import { saysAway } from '../../platform/http/away.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { type DunningDeps, takeStep } from './take-step.js';

/** What one job may do at most, so that no tenant keeps a worker for long (ADR 0007). What is left comes back. */
const RUN_LIMIT_MS = 1_500;
const STEPS_PER_RUN = 200;
const BATCH = 50;
/** How long a run whose step could not be taken is left alone. */
const RETRY_MS = 60 * 60_000;

/**
 * Takes every step of dunning that is due by the tenant's clock, those that have waited longest first, each by itself. One
 * that cannot be taken is put off with its error in the log, and the others go on. May run twice at once.
 */
export async function runDunning(ctx: TenantContext, deps: DunningDeps): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  for (let taken = 0; taken < STEPS_PER_RUN;) {
    const due = await readDue(ctx);
    if (due.length === 0) return;
    for (const id of due) {
      await takeOne(ctx, deps, id);
      taken += 1;
      if (performance.now() > deadline) return;
    }
  }
}

/** The step that is due first. */
export async function firstStep(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.dunningRun.findFirst({
    where: { nextStepAt: { not: null } },
    orderBy: [{ nextStepAt: 'asc' }, { id: 'asc' }],
    select: { id: true, nextStepAt: true },
  });
  return first?.nextStepAt ? { at: first.nextStepAt, id: first.id } : null;
}

async function readDue(ctx: TenantContext): Promise<string[]> {
  const rows = await ctx.db.dunningRun.findMany({
    where: { nextStepAt: { lte: ctx.clock.now() } },
    orderBy: [{ nextStepAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

async function takeOne(ctx: TenantContext, deps: DunningDeps, id: string): Promise<void> {
  try {
    await takeStep(ctx, deps, id);
  } catch (error) {
    // When the database is away or awaits a migration, no run is to blame: the whole job is tried again.
    if (saysAway(error) || isSchemaBehind(error)) throw error;
    ctx.log.error({ err: error, dunningRunId: id }, 'A step of dunning could not be taken and was put off.');
    await putOff(ctx, id);
  }
}

async function putOff(ctx: TenantContext, id: string): Promise<void> {
  const now = ctx.clock.now();
  const nextStepAt = new Date(now.getTime() + RETRY_MS);
  await ctx.transaction(async (tx) => {
    const { count } = await tx.db.dunningRun.updateMany({
      where: { id, status: 'running', nextStepAt: { lte: now } },
      data: { nextStepAt },
    });
    if (count > 0) tx.due('dunning', nextStepAt);
  });
}
