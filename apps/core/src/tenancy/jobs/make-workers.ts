import { type Job, Worker } from 'bullmq';
import type { Logger } from 'pino';

import { QUEUES, type QueueName } from '../../platform/queues/catalogue.js';
import type { OpenedQueues } from '../../platform/queues/open-queues.js';

/** Does a job that a worker has taken from its queue. */
export type DoJob = (job: Job, token: string | undefined) => Promise<void>;

/** Makes the worker of every queue. None begins by itself: the caller lets them run. */
export function makeWorkers({ options }: OpenedQueues, doJob: DoJob, log: Logger): Worker[] {
  return (Object.keys(QUEUES) as QueueName[]).map((queue) => {
    const worker = new Worker(queue, doJob, {
      ...options,
      autorun: false,
      concurrency: QUEUES[queue].concurrency,
      // How long the jobs of a process that died wait for another: these two together.
      lockDuration: 15_000,
      stalledInterval: 5_000,
      // How soon a worker asks again after its queue was away.
      runRetryDelay: 2_000,
      // A job that was interrupted by crashes is not to blame for them: jobs are idempotent, and tried again.
      maxStalledCount: 10,
    });
    worker.on('failed', (job, error) => {
      const fields = { err: error, queue, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade };
      log.error(fields, 'A job has failed.');
    });
    worker.on('error', (error) => log.warn({ err: error, queue }, 'A worker has trouble with its queue.'));
    return worker;
  });
}
