import { Module, type OnModuleInit } from '@nestjs/common';

import { Queues } from './queues.js';

/** Has an app open the queues as it starts, and fail when they cannot be written to. */
@Module({})
export class QueuesAtStartModule implements OnModuleInit {
  constructor(private readonly queues: Queues) {}

  async onModuleInit(): Promise<void> {
    await this.queues.openForWork();
  }
}
