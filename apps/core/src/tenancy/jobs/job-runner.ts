import { Inject, Injectable } from '@nestjs/common';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import { withLogFields } from '../../platform/log/log-fields.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { JOBS } from '../../platform/queues/catalogue.js';
import { type OpenedContext, TenantContexts } from '../context/tenant-contexts.js';
import { liveModeNotReady } from '../tenancy.errors.js';
import { JobWork } from './job-work.js';
import { activeJobs, type JobOutcome, jobSeconds } from './job-metrics.js';
import { PutOffJobs } from './put-off-jobs.js';
import { SlotShares } from './slot-shares.js';
import { readJob, type TenantJob } from './tenant-job.js';
import { UnreachableDatabases } from './unreachable-databases.js';
import { type Wait, waitOf } from './waits.js';

/** What says that a job's tenant or database is not there, and will not be. */
const USELESS_CODES: readonly string[] = [notFound.code, liveModeNotReady.code];
const ROLL_OUT_MAX_MS = 3_600_000;
const UNREADABLE_DELAY_MS = 15_000;
const BUSY_DELAY_MS = 2_000;
/** How long a job waits whose tenant has its share of slots with jobs that take long. */
const CROWDED_DELAY_MS = 1_000;

/** A job as BullMQ hands it to its worker, with what it says. */
interface Handed {
  job: Job;
  token: string | undefined;
  tenantJob: TenantJob;
}

/** Does the jobs of the queues, as far as their tenants can be worked for and have not more than their share. */
@Injectable()
export class JobRunner {
  private readonly active = new Set<Promise<void>>();

  constructor(
    private readonly contexts: TenantContexts,
    private readonly work: JobWork,
    private readonly shares: SlotShares,
    private readonly unreachable: UnreachableDatabases,
    private readonly putOffJobs: PutOffJobs,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Does one job.
   * @throws UnrecoverableError when trying again is of no use
   * @throws DelayedError when the job was put off, because its tenant cannot be worked for now
   */
  run(job: Job, token: string | undefined): Promise<void> {
    const work = this.measured(job, token);
    this.active.add(work);
    const done = () => this.active.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when no job is being done. */
  async idle(): Promise<void> {
    while (this.active.size > 0) await Promise.allSettled(this.active);
  }

  private async measured(job: Job, token: string | undefined): Promise<void> {
    const stop = jobSeconds.startTimer({ job: job.name });
    activeJobs.inc({ job: job.name });
    let outcome: JobOutcome = 'failed';
    try {
      await this.perform(job, token);
      outcome = 'completed';
    } catch (error) {
      if (error instanceof DelayedError) outcome = 'delayed';
      if (error instanceof UnrecoverableError) outcome = 'refused';
      throw error;
    } finally {
      activeJobs.dec({ job: job.name });
      stop({ outcome });
    }
  }

  private async perform(job: Job, token: string | undefined): Promise<void> {
    const tenantJob = readJob(job);
    if ('unreadable' in tenantJob) return this.leaveToNewer(job, token, tenantJob.unreadable);
    const handed = { job, token, tenantJob };
    const { name, tenantId, mode } = handed.tenantJob;
    await withLogFields({ job: name, jobId: job.id ?? '', tenantId, mode }, async () => {
      const pauseMs = this.unreachable.pauseMs({ tenantId, mode });
      if (pauseMs > 0) await this.putOff(handed, pauseMs);
      const leave = await this.shares.enter(JOBS[name].queue, `${tenantId}/${mode}`);
      if (!leave) return this.putOff(handed, CROWDED_DELAY_MS);
      let handedOn = false;
      try {
        const opened = await this.openFor(handed);
        handedOn = true;
        await this.workOn(handed, opened, leave);
      } finally {
        if (!handedOn) leave();
      }
    });
  }

  /**
   * While a release is rolled out, processes of the one before share the queues with the new ones. What they cannot read
   * waits for those that can; what nobody could read for an hour is refused for good.
   */
  private async leaveToNewer(job: Job, token: string | undefined, why: string): Promise<never> {
    const now = systemClock.now().getTime();
    if (now - job.timestamp > ROLL_OUT_MAX_MS) throw new UnrecoverableError(why);
    this.log.warn({ job: job.name, jobId: job.id, why }, 'A job is left to a newer process.');
    await job.moveToDelayed(now + UNREADABLE_DELAY_MS, token);
    throw new DelayedError();
  }

  /** The share and the lease are given back when the work has really ended, be that after it was given up. */
  private async workOn(
    handed: Handed,
    { ctx, database, release }: OpenedContext,
    leave: () => void,
  ): Promise<void> {
    const { job, tenantJob } = handed;
    const outcome = await this.work.run(job, tenantJob, {
      ctx,
      database,
      release: () => {
        release();
        leave();
      },
    });
    if (outcome !== 'done') return this.wait(handed, outcome);
    this.unreachable.clear(tenantJob);
  }

  /** A tenant that cannot be worked for at the moment is no failure of the job: it does not use up an attempt. */
  private async openFor(handed: Handed): Promise<OpenedContext> {
    const { name, tenantId, mode } = handed.tenantJob;
    try {
      return await this.contexts.open({
        tenantId,
        mode,
        actor: { type: 'system', id: name },
        requestId: null,
      });
    } catch (error) {
      const wait = waitOf(error);
      if (wait) return this.wait(handed, wait);
      if (error instanceof ProblemError && USELESS_CODES.includes(error.definition.code))
        throw new UnrecoverableError(error.message);
      throw error;
    }
  }

  private wait(handed: Handed, wait: Wait): Promise<never> {
    const { job, tenantJob } = handed;
    switch (wait.why) {
      case 'tenant_is_stopped':
        return this.putOff(handed, wait.delayMs, () =>
          this.putOffJobs.remember(tenantJob.tenantId, { id: job.id ?? '', name: tenantJob.name }),
        );
      case 'database_is_away':
        return this.putOff(handed, this.unreachable.note(tenantJob));
      case 'busy':
        return this.putOff(handed, BUSY_DELAY_MS);
    }
  }

  private async putOff(
    { job, token }: Handed,
    delayMs: number,
    afterwards: () => void = () => undefined,
  ): Promise<never> {
    this.log.debug({ job: job.name, jobId: job.id, delayMs }, 'A job is put off.');
    const jitter = 0.5 + Math.random();
    await job.moveToDelayed(systemClock.now().getTime() + Math.round(delayMs * jitter), token);
    afterwards();
    throw new DelayedError();
  }
}
