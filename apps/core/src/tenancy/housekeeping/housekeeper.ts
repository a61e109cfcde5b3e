import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { PlatformTasks } from './platform-tasks.js';

/** Often enough that a worker which is started anew several times an hour comes to it too. */
const INTERVAL_MS = 600_000;

/** Runs the platform's tasks now and then, in every worker. */
@Injectable()
export class Housekeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Repeater;
  /** Resolves when what workers do at their start is done, or has failed. */
  started: Promise<void> = Promise.resolve();

  constructor(
    private readonly tasks: PlatformTasks,
    @Inject(LOGGER) log: Logger,
  ) {
    this.rounds = new Repeater(
      () => tasks.run(),
      INTERVAL_MS,
      (error) => log.error({ err: error }, 'The tasks of the platform could not be run.'),
    );
  }

  /** Starting does not wait for it: the platform works without what it does. */
  onApplicationBootstrap(): void {
    this.rounds.start();
    this.started = this.tasks.runFromStart();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
    await this.started;
  }
}
