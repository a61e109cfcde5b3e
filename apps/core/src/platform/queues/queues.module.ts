import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { LOGGER } from '../log/log.module.js';
import { QUEUES, type QueueName } from './catalogue.js';
import { JobQueues } from './job-queues.js';
import { connectQueues, queueOptions } from './queue-backend.js';

/** Injection token of the connection that all queues share. Who writes to them last closes it: the tenancy module. */
export const QUEUE_CONNECTION = Symbol('QUEUE_CONNECTION');
const NAMES = Object.keys(QUEUES) as QueueName[];

@Global()
@Module({
  providers: [{ provide: QUEUE_CONNECTION, useFactory: connectQueues, inject: [CONFIG, LOGGER] }],
  exports: [QUEUE_CONNECTION],
})
class QueueConnectionModule {}

/** The shared queues, on the backend that the configuration names, and the way to put jobs on them. */
@Global()
@Module({
  imports: [
    QueueConnectionModule,
    BullModule.forRootAsync({ useFactory: queueOptions, inject: [QUEUE_CONNECTION] }),
    BullModule.registerQueue(...NAMES.map((name) => ({ name }))),
  ],
  providers: [
    {
      provide: JobQueues,
      useFactory: (...queues: Queue[]) =>
        new JobQueues(new Map(queues.map((queue) => [queue.name as QueueName, queue]))),
      inject: NAMES.map((name) => getQueueToken(name)),
    },
  ],
  exports: [JobQueues, BullModule],
})
export class QueuesModule implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) log: Logger,
    private readonly queues: JobQueues,
  ) {
    queues.onError((error, queue) => log.warn({ err: error, queue }, 'A queue has lost its connection.'));
  }

  /** Redis is waited for as long as it takes; a schema that is missing in PostgreSQL does not come by waiting. */
  async onModuleInit(): Promise<void> {
    if (this.config.queue.backend === 'postgres') await this.queues.ready();
  }
}
