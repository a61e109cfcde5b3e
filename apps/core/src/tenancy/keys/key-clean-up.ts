import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { CentralDatabase } from '../central/central-database.js';
import { dropSupersededRoles } from '../passwords/drop-superseded-roles.js';
import { KeyRingError } from './key-ring-error.js';
import { KeyRing } from './key-ring.js';
import { tidyKeys } from './rotate-keys.js';

const ROLES_INTERVAL_MS = 60_000;
const KEYS_INTERVAL_MS = 30 * 60_000;

/** Finishes, now and then, what rotations of keys and of passwords have left: for later on purpose, or by a crash. */
@Injectable()
export class KeyCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: readonly Repeater[];

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) log: Logger,
    central: CentralDatabase,
    keys: KeyRing,
  ) {
    const onError = (err: unknown) => {
      // An operator, or another worker, is at it.
      if (err instanceof KeyRingError) log.warn({ err }, 'Keys are left for later.');
      else log.error({ err }, 'What rotations have left could not be cleaned up.');
    };
    const dropRoles = async () => {
      const { cleared, waiting } = await dropSupersededRoles({ central, keys, config });
      if (cleared.length > 0) log.info({ databaseIds: cleared }, 'Former roles of tenants were dropped.');
      if (waiting.length > 0) log.info({ waiting }, 'Former roles of tenants are still there.');
    };
    this.rounds = [
      new Repeater(dropRoles, ROLES_INTERVAL_MS, onError),
      new Repeater(() => tidyKeys(config), KEYS_INTERVAL_MS, onError),
    ];
  }

  onApplicationBootstrap(): void {
    for (const round of this.rounds) round.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.rounds.map((round) => round.stop()));
  }
}
