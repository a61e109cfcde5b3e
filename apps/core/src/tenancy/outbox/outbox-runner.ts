import { Injectable } from '@nestjs/common';

import { JOBS, type JobName } from '../../platform/queues/catalogue.js';
import { JobHandlers } from '../jobs/job-handlers.js';
import type { TenantContext } from '../tenant-context.js';
import { NEVER_RELAYED } from './outbox-rows.js';

/** Does the jobs of an outbox without the queue. */
@Injectable()
export class OutboxRunner {
  constructor(private readonly handlers: JobHandlers) {}

  /**
   * Runs the jobs of this database's outbox one after another in the order they were written, and those they cause,
   * until none is left but those that a queue has. For an advance of the test clock, which holds the relay off. A job
   * that fails stays and throws.
   * @returns how many jobs were run
   */
  async runInline(ctx: TenantContext): Promise<number> {
    for (let count = 0; ; count++) {
      const row = await ctx.db.outboxJob.findFirst({
        where: { job: { in: Object.keys(JOBS) }, availableAt: NEVER_RELAYED },
        orderBy: { id: 'asc' },
      });
      if (!row) return count;
      await this.runOne(ctx, row.job as JobName, row.payload);
      // After the work and not before: a job that is interrupted is run again, as on a queue.
      await ctx.transaction((tx) => tx.db.outboxJob.deleteMany({ where: { id: row.id } }));
    }
  }

  private async runOne<N extends JobName>(ctx: TenantContext, job: N, payload: unknown): Promise<void> {
    const parsed = JOBS[job].payload.parse(payload);
    const actor = { type: 'system', id: job } as const;
    await this.handlers.of(job)({ ...ctx, actor }, parsed as never);
  }
}
