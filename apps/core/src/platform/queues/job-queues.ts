import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import type { Job, JobsOptions, Queue } from 'bullmq';

import { newId } from '../ids/new-id.js';
import { JOBS, type JobName, type JobPayload } from './catalogue.js';
import { Queues } from './queues.js';
import { removeJobsOf } from './remove-jobs.js';

const LIMIT_MS = 5_000;
const JOBS_SEEN_MAX = 300;
/** A worker that finds its job's tenant gone puts the job back within moments. */
const REMOVAL_LOOKS = 40;
const REMOVAL_PAUSE_MS = 250;

/** Whose a job is. */
interface JobOwner {
  tenantId: string;
  mode: string;
}

/** A job that is on its way to its queue. */
export interface QueuedJob {
  id: string;
  job: JobName;
  payload: unknown;
  /** How many jobs of the same name and tenant database are on the queue before it: who has fewer goes first. */
  rank: number;
}

/** Where a job is: `ended` is for those that were done or have failed for good, `retrying` for those that wait to be tried again. */
export type JobPlace = 'nowhere' | 'waiting' | 'active' | 'retrying' | 'ended';

const PLACES: Readonly<Record<string, JobPlace>> = {
  unknown: 'nowhere',
  waiting: 'waiting',
  prioritized: 'waiting',
  active: 'active',
  delayed: 'retrying',
  completed: 'ended',
  failed: 'ended',
};

/** Puts jobs on the queues that the catalogue names for them. */
@Injectable()
export class JobQueues {
  constructor(private readonly queues: Queues) {}

  /** Adds jobs under their ids. One that is on its queue, or was done lately, is not added again. */
  async addAll(jobs: readonly QueuedJob[]): Promise<void> {
    const { all } = await this.queues.open();
    for (const [name, queue] of all) {
      const entries = jobs
        .filter(({ job }) => JOBS[job].queue === name)
        .map(({ id, job, payload, rank }) => ({ name: job, data: payload, opts: optionsOf(job, id, rank) }));
      if (entries.length > 0) await withinLimit(queue.addBulk(entries));
    }
  }

  /**
   * Adds a job, unless one with the same key waits or is worked on.
   * @param rank how many jobs for the same work were done without a break before it: who has fewer goes first
   * @returns whether it was added
   */
  async addUnlessPending<N extends JobName>(
    job: N,
    payload: JobPayload<N>,
    { key, rank }: { key: string; rank: number },
  ): Promise<boolean> {
    const id = newId('job');
    const options = { ...optionsOf(job, id, rank), deduplication: { id: key } };
    const queue = await this.queueOf(job);
    const added = await withinLimit(queue.add(job, payload, options));
    return added.id === id;
  }

  async placeOf({ job, id }: { job: JobName; id: string }): Promise<JobPlace> {
    const queue = await this.queueOf(job);
    const state = await withinLimit(queue.getJobState(id));
    return PLACES[state] ?? 'active';
  }

  /** Lets a job that waits be the next of its kind, whatever its rank was. One that has begun meanwhile is left alone. */
  async bringForward({ job, id }: { job: JobName; id: string }): Promise<void> {
    const { priority } = JOBS[job];
    const queue = await this.queueOf(job);
    const found: Job | undefined = await withinLimit(queue.getJob(id));
    if (found && found.priority > priority) await withinLimit(found.changePriority({ priority }));
  }

  /**
   * Whether a job of one tenant's database waits or is worked on; those that wait for a later moment do not count.
   * Sees the first few hundred jobs of a queue: beyond them there is no telling when a job's turn will come.
   */
  async hasPending({ tenantId, mode }: JobOwner, besides: JobName): Promise<boolean> {
    const { all } = await this.queues.open();
    for (const queue of all.values()) {
      const jobs = await withinLimit(queue.getJobs(['active', 'waiting', 'prioritized'], 0, JOBS_SEEN_MAX));
      // A job that ended between the two readings of a queue is read as nothing.
      const pending = jobs.filter(
        (job: Job<JobOwner> | undefined) => job !== undefined && job.name !== besides,
      );
      if (pending.some(({ data }) => data.tenantId === tenantId && data.mode === mode)) return true;
    }
    return false;
  }

  /** Lets a job that was put off be worked on now. One that is not waiting for its moment any more is left as it is. */
  async callUp(job: JobName, id: string): Promise<void> {
    const queue = await this.queueOf(job);
    const found = await withinLimit(queue.getJob(id));
    if (!found || !(await withinLimit(found.isDelayed()))) return;
    try {
      await withinLimit(found.promote());
    } catch (error) {
      // Its moment may have come between the two questions.
      if (await withinLimit(found.isDelayed())) throw error;
    }
  }

  /**
   * Takes every job of a tenant off the queues, also those that were done or have failed. For a tenant that is not worked
   * for any more: a job that a worker has in its hands at this moment is put back by it, and is taken with the next look.
   * @throws Error when a worker does not let go of one
   */
  async removeAllOf(tenantId: string): Promise<void> {
    const { all } = await this.queues.open();
    for (const queue of all.values()) {
      for (let look = 1; (await removeJobsOf(queue, tenantId)) > 0; look++) {
        if (look === REMOVAL_LOOKS) throw new Error(`A worker holds a job of ${tenantId} on ${queue.name}.`);
        await sleep(REMOVAL_PAUSE_MS);
      }
    }
  }

  private async queueOf(job: JobName): Promise<Queue> {
    return (await this.queues.open()).of(JOBS[job].queue);
  }
}

function optionsOf(job: JobName, jobId: string, rank: number): JobsOptions {
  const { attempts, backoffMs, priority } = JOBS[job];
  const backoff = { type: 'exponential', delay: backoffMs, jitter: 0.2 };
  return { jobId, attempts, backoff, priority: priority + rank };
}

/** A queue whose server is away may wait for it without end; its caller has other ways to go on. */
async function withinLimit<T>(asking: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The queue did not answer within ${LIMIT_MS} ms.`)), LIMIT_MS);
  });
  try {
    return await Promise.race([asking, limit]);
  } finally {
    clearTimeout(timer);
  }
}
