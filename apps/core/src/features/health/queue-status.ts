import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';

import type { QueueName } from '../../platform/queues/catalogue.js';
import { Queues } from '../../platform/queues/queues.js';

/** How much work a queue holds. */
export interface QueueLoad {
  queue: QueueName;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** How long the job that is next has waited; 0 when none waits. */
  oldestWaitingSeconds: number;
}

/** Looks at the queues, on whichever backend they are. */
@Injectable()
export class QueueStatus {
  constructor(private readonly queues: Queues) {}

  /** Fails when the backend does not answer. */
  async check(): Promise<void> {
    await (await this.queues.open()).of('maintenance').getJobCounts('active');
  }

  async loads(now: Date): Promise<QueueLoad[]> {
    const { all } = await this.queues.open();
    return Promise.all([...all].map(([name, queue]) => loadOf(name, queue, now)));
  }
}

async function loadOf(name: QueueName, queue: Queue, now: Date): Promise<QueueLoad> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  const [next] = await queue.getJobs(['waiting', 'prioritized'], 0, 0, true);
  return {
    queue: name,
    waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    failed: counts.failed ?? 0,
    oldestWaitingSeconds: next ? Math.max(0, (now.getTime() - next.timestamp) / 1_000) : 0,
  };
}
