import { Injectable } from '@nestjs/common';

import { systemClock } from '../../platform/clock/clock.js';
import type { JobName } from '../../platform/queues/catalogue.js';
import type { TenantContext } from '../tenant-context.js';
import { DUE_KINDS, type DueKind } from './due-kinds.js';
import { DueSources } from './due-sources.js';
import { DueWorkIndex } from './due-work-index.js';
import { SchedulerTick } from './scheduler-tick.js';

/** How long work that a job was meant to do, and did not, is left alone. */
const NO_PROGRESS_SECONDS = 60;

const KIND_OF_JOB = new Map<JobName, DueKind>(
  (Object.keys(DUE_KINDS) as DueKind[]).map((kind) => [DUE_KINDS[kind], kind]),
);

/** A job's work, and how to let the next job for the same due work onto the queue before this one has left it. */
interface DueJob {
  name: JobName;
  work: (ctx: TenantContext) => Promise<void>;
  makeWay: () => Promise<unknown>;
}

/** Keeps the due index true about work that jobs have done. */
@Injectable()
export class DueJobs {
  constructor(
    private readonly sources: DueSources,
    private readonly dueWork: DueWorkIndex,
    private readonly scheduler: SchedulerTick,
  ) {}

  /**
   * Runs the job. If it is one that does due work, the index is recomputed after it, and what is still due is enqueued
   * at once. When the job fails, the claim on its work expires and the work comes up again.
   */
  async run(ctx: TenantContext, { name, work, makeWay }: DueJob): Promise<void> {
    const kind = KIND_OF_JOB.get(name);
    if (!kind) return work(ctx);
    const first = await this.sources.of(kind)(ctx.db, ctx.tenant);
    // What was not due yet, the job was not meant to do: it may have become due meanwhile, or been freed by who had it.
    const before = first && first.at <= ctx.clock.now() ? first : null;
    await work(ctx);
    await makeWay();
    const dueAt = await this.dueWork.recompute(ctx, kind);
    if (!dueAt || dueAt > systemClock.now()) return;
    const after = await this.sources.of(kind)(ctx.db, ctx.tenant);
    if (before && after?.id === before.id && after.at <= before.at) {
      // Enqueued at once, work that cannot be done would keep the workers busy with nothing.
      ctx.log.warn(
        { kind, dueAt: after.at, id: after.id },
        'Due work was not done by its job; it is tried again later.',
      );
      await this.dueWork.postpone(ctx.databaseId, kind, NO_PROGRESS_SECONDS);
    } else {
      await this.scheduler.goOn(ctx, kind);
    }
  }
}
