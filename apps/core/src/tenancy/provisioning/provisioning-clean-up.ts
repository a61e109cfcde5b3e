import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { TenantProvisioner } from './tenant-provisioner.js';

const INTERVAL_MS = 60_000;

/** Drops, now and then, what attempts at making a database have left on the servers because their process died. */
@Injectable()
export class ProvisioningCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Repeater;

  constructor(provisioner: TenantProvisioner, @Inject(LOGGER) log: Logger) {
    this.rounds = new Repeater(
      async () => {
        const cleaned = await provisioner.cleanUpFailed();
        if (cleaned.length > 0)
          log.info({ databaseIds: cleaned }, 'Dropped what was left of tenant databases.');
      },
      INTERVAL_MS,
      (error) => log.error({ err: error }, 'Databases left half-made could not be looked for.'),
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }
}
