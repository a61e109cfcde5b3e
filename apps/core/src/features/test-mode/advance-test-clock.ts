import type { JobQueues } from '../../platform/queues/job-queues.js';
import { DUE_KINDS } from '../../tenancy/due-work/due-kinds.js';
import type { DueSources } from '../../tenancy/due-work/due-sources.js';
import type { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import type { OutboxRunner } from '../../tenancy/outbox/outbox-runner.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { awaitQuiet } from './await-quiet.js';
import { ClockLease } from './clock-lease.js';
import { nextDueMoment, type DueMoment } from './due-moment.js';
import { requireTestMode } from './require-test-mode.js';

/** How long one request or job works on an advance before it hands the rest over to a job. */
const WORK_LIMIT_MS = 15_000;
/** Work that is still due after so many rounds at one moment is not being done by its jobs. */
const ROUNDS_AT_A_MOMENT_MAX = 1_000;

export interface AdvanceDeps {
  readonly sources: DueSources;
  readonly handlers: JobHandlers;
  readonly outbox: OutboxRunner;
  readonly queues: JobQueues;
}

/** `handed_over`: the clock is on its way, and a job takes it there. */
export type AdvanceOutcome = 'arrived' | 'handed_over';

/**
 * Moves the tenant's test clock forward and does everything that comes due on the way, in order, each at its moment:
 * what is due, then the jobs that it caused. A long move is done in pieces, the later ones as jobs. A crash leaves
 * the clock at a moment of the way with all earlier work done, from where the next advance goes on.
 * @throws liveMode, clockIsAdvancing, clockCannotGoBack
 */
export async function advanceTestClock(
  deps: AdvanceDeps,
  ctx: TenantContext,
  to: Date,
): Promise<AdvanceOutcome> {
  requireTestMode(ctx);
  await ClockLease.refuseUnlessFree(ctx, to);
  await awaitQuiet(deps.queues, ctx);
  const lease = await ClockLease.take(ctx, to);
  try {
    const arrived = await walk(deps, lease, to);
    if (arrived) await lease.release();
    else await lease.handOver(to);
    return arrived ? 'arrived' : 'handed_over';
  } catch (error) {
    // Where it stands, the clock is as good as any: what is due by now is done by the workers.
    await lease.release().catch(() => lease.stop());
    throw error;
  }
}

/** False when there is more to do than one piece of work may take. */
async function walk(deps: AdvanceDeps, lease: ClockLease, to: Date): Promise<boolean> {
  const deadline = performance.now() + WORK_LIMIT_MS;
  for (let rounds = 0, last = 0; ; rounds++) {
    if (!(await runOutbox(deps, lease))) return false;
    const due = await nextDueMoment(deps.sources, lease.context.db, lease.context.tenant);
    if (due === null || due.at > to) break;
    if (performance.now() > deadline) return false;
    await lease.moveTo(due.at);
    const moment = lease.context.clock.now().getTime();
    if (moment !== last) rounds = 0;
    last = moment;
    if (rounds > ROUNDS_AT_A_MOMENT_MAX)
      throw new Error(`Work due at ${due.at.toISOString()} is not being done.`);
    await doDueWork(deps, lease.context, due);
  }
  await lease.moveTo(to);
  return true;
}

async function doDueWork(deps: AdvanceDeps, ctx: TenantContext, due: DueMoment): Promise<void> {
  const { tenantId, mode } = ctx;
  for (const kind of due.kinds) {
    await deps.handlers.of(DUE_KINDS[kind])(ctx, { tenantId, mode });
  }
}

/**
 * Does the jobs that were caused. One that fails, say because the mail server is away, is for the queue, which has
 * the patience to try again: the advance stops, which lets the queue have it, and goes on as a job.
 */
async function runOutbox(deps: AdvanceDeps, lease: ClockLease): Promise<boolean> {
  const ctx = lease.context;
  try {
    await deps.outbox.runInline(ctx);
    return true;
  } catch (error) {
    ctx.log.warn({ err: error }, 'A job failed on the way of the test clock and is left to its queue');
    return false;
  }
}
