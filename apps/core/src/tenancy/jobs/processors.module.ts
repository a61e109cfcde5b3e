import { setTimeout as sleep } from 'node:timers/promises';

import type { WorkerHost } from '@nestjs/bullmq';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { QUEUES, type QueueName } from '../../platform/queues/catalogue.js';
import { isConnected } from '../../platform/queues/queue-backend.js';
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
import { PutOffJobs } from './put-off-jobs.js';
import { processorOf } from './queue-processor.js';
import { SlotShares } from './slot-shares.js';
import { UnreachableDatabases } from './unreachable-databases.js';

const PROCESSORS = (Object.keys(QUEUES) as QueueName[]).map(processorOf);
const HOSTS = Symbol('HOSTS');
/** How long jobs that are being done may take to end when the process is stopped. */
const STOP_LIMIT_MS = 25_000;

/** Works on the queues, looks for due work and for databases left behind. Imported by the worker and by `npm start`. */
@Module({
  providers: [
    ...PROCESSORS,
    { provide: HOSTS, useFactory: (...hosts: WorkerHost[]) => hosts, inject: PROCESSORS },
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
  constructor(
    @Inject(HOSTS) private readonly hosts: readonly WorkerHost[],
    private readonly runner: JobRunner,
    private readonly scheduler: SchedulerTick,
    private readonly sweeper: Sweeper,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const { worker } of this.hosts) {
      // Resolves when the worker is closed.
      worker.run().catch((error: unknown) => this.log.error({ err: error }, 'A worker has stopped.'));
    }
    this.scheduler.start();
    this.sweeper.start();
  }

  /** No new work, then the end of what is under way. What takes too long is left to another worker, as after a crash. */
  async onModuleDestroy(): Promise<void> {
    const workers = this.hosts.map((host) => host.worker);
    await Promise.all([
      this.scheduler.stop(),
      this.sweeper.stop(),
      ...workers.map((worker) => worker.pause(true)),
    ]);
    const ended = await Promise.race([
      this.runner.idle().then(() => true),
      sleep(STOP_LIMIT_MS, false, { ref: false }),
    ]);
    if (!ended) this.log.warn('Jobs that are still being done are left to another worker.');
    await Promise.all(workers.map(async (worker) => worker.close(!ended || !(await isConnected(worker)))));
  }
}
