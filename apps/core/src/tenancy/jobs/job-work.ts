import { Injectable } from '@nestjs/common';
import { type Job, UnrecoverableError } from 'bullmq';

import { type JobDefinition, JOBS } from '../../platform/queues/catalogue.js';
import { within } from '../../platform/timers/within.js';
import type { OpenDatabase } from '../context/open-databases.js';
import { DirtyMarks } from '../dirty-marks/dirty-marks.js';
import { DueJobs } from '../due-work/due-jobs.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import type { TenantContext } from '../tenant-context.js';
import { JobHandlers } from './job-handlers.js';
import type { TenantJob } from './tenant-job.js';
import { type Wait, waitOf } from './waits.js';

/** How long a database may take to show that it is there, when a job has failed. */
const PROBE_LIMIT_MS = 3_000;

/** What a job works with. */
interface Workplace {
  readonly ctx: TenantContext;
  readonly database: OpenDatabase;
  readonly release: () => void;
}

/** Calls a job's handler within its time limit, and tells the outbox that it came from how it went. */
@Injectable()
export class JobWork {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueJobs: DueJobs,
    private readonly outbox: OutboxRelay,
    private readonly marks: DirtyMarks,
  ) {}

  /**
   * Releases its workplace when the handler has ended, which may be after this has given it up.
   * @returns for what the job has to wait, if it could not be done now
   */
  async run(job: Job, tenantJob: TenantJob, place: Workplace): Promise<'done' | Wait> {
    const definition: JobDefinition = JOBS[tenantJob.name];
    if (place.database.advancing && !definition.movesTestClock) {
      place.release();
      return { why: 'busy' };
    }
    const afterwards = { ...place, database: place.database.retain() };
    const work = this.handle(job, tenantJob, place.ctx).finally(place.release);
    try {
      await within(definition.limitMs, work);
      await this.letGo(job, afterwards);
      return 'done';
    } catch (error) {
      const wait = waitOf(error);
      if (wait) return wait;
      if (!(error instanceof UnrecoverableError) && !(await answers(afterwards.database)))
        return { why: 'database_is_away' };
      await this.noteFailure(job, afterwards, error);
      throw error;
    } finally {
      afterwards.database.release();
    }
  }

  private handle(job: Job, { name, payload }: TenantJob, ctx: TenantContext): Promise<void> {
    return this.dueJobs.run(ctx, {
      name,
      work: (context) => this.handlers.of(name)(context, payload as never),
      makeWay: () => job.removeDeduplicationKey(),
    });
  }

  private async noteFailure(job: Job, place: Workplace, error: unknown): Promise<void> {
    const isLast = error instanceof UnrecoverableError || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    // A job that has failed for good is the operator's: the queue keeps it.
    if (isLast) return this.letGo(job, place);
    await this.attempt(place, () => this.outbox.makeRoom(place.database, job.id ?? ''));
  }

  private async letGo(job: Job, place: Workplace): Promise<void> {
    await this.attempt(place, async () => {
      const { databaseId } = place.database;
      const stamp = this.marks.watchStamp(databaseId);
      const state = await this.outbox.finish(place.database, job.id ?? '');
      if (state.empty) this.marks.unwatch(databaseId, stamp);
    });
  }

  /** What fails here is made up for when the outbox is looked after: the job itself has gone as it has gone. */
  private async attempt({ ctx }: Workplace, tell: () => Promise<void>): Promise<void> {
    try {
      await tell();
    } catch (error) {
      ctx.log.warn({ err: error }, 'The outbox could not be told how a job has gone.');
    }
  }
}

async function answers({ pool }: OpenDatabase): Promise<boolean> {
  try {
    await within(PROBE_LIMIT_MS, pool.query('SELECT'));
    return true;
  } catch {
    return false;
  }
}
