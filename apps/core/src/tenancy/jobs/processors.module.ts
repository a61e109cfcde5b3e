import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { isConnected } from '../../platform/queues/queue-backend.js';
import { Queues } from '../../platform/queues/queues.js';
import { QueuesAtStartModule } from '../../platform/queues/queues-at-start.module.js';
import { ExpiredMarks } from '../dirty-marks/expired-marks.js';
import { Sweeper } from '../dirty-marks/sweeper.js';
import { DueJobs } from '../due-work/due-jobs.js';
import { SchedulerTick } from '../due-work/scheduler-tick.js';
import { FleetSampler } from '../fleet/fleet-sampler.js';
import { KeyCleanUp } from '../keys/key-clean-up.js';
import { Housekeeper } from '../housekeeping/housekeeper.js';
import { ProvisioningCleanUp } from '../provisioning/provisioning-clean-up.js';
import { JobRunner } from './job-runner.js';
import { JobWork } from './job-work.js';
import { makeWorkers } from './make-workers.js';
import { PutOffJobs } from './put-off-jobs.js';
import { SlotShares } from './slot-shares.js';
import { UnreachableDatabases } from './unreachable-databases.js';

/** How long jobs that are being done may take to end when the process is stopped. */
const STOP_LIMIT_MS = 25_000;

/** Works on the queues, looks for due work and for databases left behind. Imported by the worker and by `npm start`. */
@Module({
  imports: [QueuesAtStartModule],
  providers: [
    JobRunner,
    JobWork,
    SlotShares,
    UnreachableDatabases,
    PutOffJobs,
    DueJobs,
    SchedulerTick,
    ExpiredMarks,
    Sweeper,
    ProvisioningCleanUp,
    Housekeeper,
    KeyCleanUp,
    FleetSampler,
  ],
  exports: [SchedulerTick, Sweeper],
})
export class ProcessorsModule implements OnApplicationBootstrap, OnModuleDestroy {
  private workers: readonly Worker[] = [];

  constructor(
    private readonly queues: Queues,
    private readonly runner: JobRunner,
    private readonly scheduler: SchedulerTick,
    private readonly sweeper: Sweeper,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** By now handlers are registered, which happens while the app initialises: no job comes before them. */
  async onApplicationBootstrap(): Promise<void> {
    const queues = await this.queues.open();
    this.workers = makeWorkers(queues, (job, token) => this.runner.run(job, token), this.log);
    for (const worker of this.workers) {
      // Resolves when the worker is closed.
      worker.run().catch((error: unknown) => this.log.error({ err: error }, 'A worker has stopped.'));
    }
    this.scheduler.start();
    this.sweeper.start();
  }

  /** No new work, then the end of what is under way. What takes too long is left to another worker, as after a crash. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([
      this.scheduler.stop(),
      this.sweeper.stop(),
      ...this.workers.map((worker) => worker.pause(true)),
    ]);
    const ended = await Promise.race([
      this.runner.idle().then(() => true),
      sleep(STOP_LIMIT_MS, false, { ref: false }),
    ]);
    if (!ended) this.log.warn('Jobs that are still being done are left to another worker.');
    await Promise.all(
      this.workers.map(async (worker) => worker.close(!ended || !(await isConnected(worker)))),
    );
  }
}
