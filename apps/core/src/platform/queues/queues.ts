import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { LOGGER } from '../log/log.module.js';
import type { OpenedQueues } from './open-queues.js';

/**
 * The queues that all apps share, on the backend that the configuration names. They are opened by whoever asks first: an
 * app that is to work on them or take requests does so as it starts, and most commands never do.
 */
@Injectable()
export class Queues {
  private opening: Promise<OpenedQueues> | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The queues, also while their server is away: what is asked of them then takes until it is back. */
  open(): Promise<OpenedQueues> {
    return (this.opening ??= this.load());
  }

  /**
   * Opens the queues and resolves when each can be written to. Redis is waited for as long as it takes; a schema that is
   * missing in PostgreSQL does not come by waiting.
   * @throws Error when the schema is missing
   */
  async openForWork(): Promise<OpenedQueues> {
    const queues = await this.open();
    if (this.config.queue.backend === 'postgres') {
      await Promise.all([...queues.all.values()].map((queue) => queue.waitUntilReady()));
    }
    return queues;
  }

  /** Closes what was opened. Whoever writes to the queues last calls it: the tenancy module. */
  async close(): Promise<void> {
    await (await this.opening)?.close();
  }

  private async load(): Promise<OpenedQueues> {
    const { openQueues } = await import('./open-queues.js');
    return openQueues(this.config, this.log);
  }
}
