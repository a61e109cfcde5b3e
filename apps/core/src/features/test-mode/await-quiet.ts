import { setTimeout } from 'node:timers/promises';

import type { JobQueues } from '../../platform/queues/job-queues.js';
import { TRIED_AGAIN } from '../../tenancy/outbox/outbox-rows.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';

const WAIT_MAX_MS = 5_000;
const POLL_MS = 25;

/**
 * Waits for the jobs that were caused before a clock is moved, so that they are done at the time they were caused: an
 * invoice of January is charged in January. When they do not come to an end, because no worker runs or there are very
 * many, the clock is moved all the same, and they are done later.
 */
export async function awaitQuiet(queues: JobQueues, ctx: TenantContext): Promise<void> {
  const deadline = performance.now() + WAIT_MAX_MS;
  while (await isBusy(queues, ctx)) {
    if (performance.now() > deadline) return;
    await setTimeout(POLL_MS);
  }
}

/** A row leaves the outbox when its job is done. One whose job failed and is tried again later is not waited for. */
async function isBusy(queues: JobQueues, ctx: TenantContext): Promise<boolean> {
  const waiting = await ctx.db.outboxJob.findFirst({
    where: { job: { not: 'test_clock.advance' }, availableAt: { lt: TRIED_AGAIN } },
    select: { id: true },
  });
  return waiting !== null || queues.hasPending(ctx, 'test_clock.advance');
}
