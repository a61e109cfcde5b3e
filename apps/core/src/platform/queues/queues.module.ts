import { Global, Module } from '@nestjs/common';

import { JobQueues } from './job-queues.js';
import { Queues } from './queues.js';

/** The shared queues, and the way to put jobs on them. */
@Global()
@Module({ providers: [Queues, JobQueues], exports: [Queues, JobQueues] })
export class QueuesModule {}
