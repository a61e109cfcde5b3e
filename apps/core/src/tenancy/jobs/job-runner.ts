import { Inject, Injectable } from '@nestjs/common';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import { withLogFields } from '../../platform/log/log-fields.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { type JobDefinition, type JobName, JOBS } from '../../platform/queues/catalogue.js';
import { type OpenedContext, TenantContexts } from '../context/tenant-contexts.js';
import { DueJobs } from '../due-work/due-jobs.js';
import type { Mode } from '../tenant-context.js';
import { liveModeNotReady, tenantArchived, tenantMaintenance, tenantSuspended } from '../tenancy.errors.js';
import { JobHandlers } from './job-handlers.js';
import { activeJobs, type JobOutcome, jobSeconds } from './job-metrics.js';
import { PutOffJobs } from './put-off-jobs.js';

/** How long jobs of a tenant that is stopped wait at most once it may work again. Mostly they are called up before. */
const STOPPED_DELAYS_MS: Readonly<Record<string, number>> = {
  [tenantSuspended.code]: 60_000,
  [tenantArchived.code]: 300_000,
  [tenantMaintenance.code]: 15_000,
};
const BUSY_DELAY_MS = 2_000;

interface TenantJob {
  tenantId: string;
  mode: Mode;
}

/** Does the jobs of the queues: the payload is checked, the tenant is opened, the handler is called. */
@Injectable()
export class JobRunner {
  private readonly active = new Set<Promise<void>>();

  constructor(
    private readonly contexts: TenantContexts,
    private readonly handlers: JobHandlers,
    private readonly dueJobs: DueJobs,
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
    const { name, payload } = checked(job);
    const fields = { job: name, jobId: job.id ?? '', tenantId: payload.tenantId, mode: payload.mode };
    await withLogFields(fields, async () => {
      const { ctx, advancing, release } = await this.openFor(name, payload, job, token);
      try {
        const definition: JobDefinition = JOBS[name];
        if (advancing && !definition.movesTestClock) await this.putOff(job, token, BUSY_DELAY_MS);
        await this.dueJobs.run(ctx, {
          name,
          work: (context) => this.handlers.of(name)(context, payload),
          makeWay: () => job.removeDeduplicationKey(),
        });
      } finally {
        release();
      }
    });
  }

  /** A tenant that cannot be worked for at the moment is no failure of the job: it does not use up an attempt. */
  private async openFor(
    name: JobName,
    { tenantId, mode }: TenantJob,
    job: Job,
    token: string | undefined,
  ): Promise<OpenedContext> {
    try {
      return await this.contexts.open({
        tenantId,
        mode,
        actor: { type: 'system', id: name },
        requestId: null,
      });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, status } = error.definition;
      const stoppedDelayMs = STOPPED_DELAYS_MS[code];
      if (stoppedDelayMs !== undefined) {
        return this.putOff(job, token, stoppedDelayMs, () =>
          this.putOffJobs.remember(tenantId, { id: job.id ?? '', name }),
        );
      }
      if (status === 503) return this.putOff(job, token, BUSY_DELAY_MS);
      if (code === notFound.code || code === liveModeNotReady.code)
        throw new UnrecoverableError(error.message);
      throw error;
    }
  }

  private async putOff(
    job: Job,
    token: string | undefined,
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

/** The job's name and payload, as the catalogue knows them. A job that it does not know will not get better. */
function checked(job: Job): { name: JobName; payload: TenantJob } {
  if (!Object.hasOwn(JOBS, job.name))
    throw new UnrecoverableError(`There is no job ${job.name} in the catalogue.`);
  const name = job.name as JobName;
  const parsed = JOBS[name].payload.safeParse(job.data);
  if (!parsed.success)
    throw new UnrecoverableError(`The payload of ${name} is not valid: ${parsed.error.message}`);
  return { name, payload: parsed.data };
}
