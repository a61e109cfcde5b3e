import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';

/** Something to do now and then for the platform as a whole. It may run twice, also in two processes at once. */
export type PlatformTask = () => Promise<void>;

/** What workers do now and then for the platform as a whole. The owning feature registers its task. */
@Injectable()
export class PlatformTasks {
  private readonly tasks = new Map<string, PlatformTask>();
  private readonly atStart = new Set<string>();

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  register(name: string, task: PlatformTask): void {
    if (this.tasks.has(name)) throw new Error(`The platform task ${name} is registered twice.`);
    this.tasks.set(name, task);
  }

  /** The same for what a worker does when it starts, too. */
  registerFromStart(name: string, task: PlatformTask): void {
    this.register(name, task);
    this.atStart.add(name);
  }

  /** Does every task, one after another. One that fails keeps no other from being done. */
  async run(): Promise<void> {
    for (const name of this.tasks.keys()) await this.runOne(name);
  }

  /** Does those that a worker does when it starts. */
  async runFromStart(): Promise<void> {
    for (const name of this.atStart) await this.runOne(name);
  }

  private async runOne(task: string): Promise<void> {
    try {
      await this.tasks.get(task)?.();
    } catch (error) {
      this.log.error({ err: error, task }, 'A task of the platform has failed.');
    }
  }
}
