import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { QUEUES, type QueueName } from '../../platform/queues/catalogue.js';
import { JobRunner } from './job-runner.js';

/**
 * Makes the processor class of one queue. It does not start by itself: handlers are registered while the app
 * initialises, and a job must not come before them.
 */
export function processorOf(queue: QueueName): Type<WorkerHost> {
  @Processor(queue, {
    autorun: false,
    concurrency: QUEUES[queue].concurrency,
    // How long the jobs of a process that died wait for another: these two together.
    lockDuration: 15_000,
    stalledInterval: 5_000,
    // How soon a worker asks again after its queue was away.
    runRetryDelay: 2_000,
    // A job that was interrupted by crashes is not to blame for them: jobs are idempotent, and tried again.
    maxStalledCount: 10,
  })
  class QueueProcessor extends WorkerHost {
    constructor(
      @Inject(JobRunner) private readonly runner: JobRunner,
      @Inject(LOGGER) private readonly log: Logger,
    ) {
      super();
    }

    override process(job: Job, token?: string): Promise<void> {
      return this.runner.run(job, token);
    }

    @OnWorkerEvent('failed')
    onFailed(job: Job | undefined, error: Error): void {
      const fields = { err: error, queue, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade };
      this.log.error(fields, 'A job has failed.');
    }

    @OnWorkerEvent('error')
    onError(error: Error): void {
      this.log.warn({ err: error, queue }, 'A worker has trouble with its queue.');
    }
  }
  return QueueProcessor;
}
