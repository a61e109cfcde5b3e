import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { DailyTasks } from '../../tenancy/dirty-marks/daily-tasks.js';
import { removeExpiredRecords } from './remove-expired.js';

/** Central is looked after on the visits to tenants' databases, but no more often than this. */
const CENTRAL_EVERY_MS = 10 * 60_000;

/** Removes the records whose time is over: a tenant's on the daily visit to its database, central's along with them. */
@Injectable()
export class ExpiredRecords implements OnModuleInit {
  private centralAt = -Infinity;

  constructor(
    private readonly dailyTasks: DailyTasks,
    private readonly central: CentralDatabase,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.dailyTasks.register('idempotency', async ({ pool }) => {
      await removeExpiredRecords(pool);
      await this.removeFromCentral();
    });
  }

  private async removeFromCentral(): Promise<void> {
    const now = performance.now();
    if (now - this.centralAt < CENTRAL_EVERY_MS) return;
    this.centralAt = now;
    const removed = await removeExpiredRecords(this.central.pool);
    if (removed > 0) this.log.debug({ removed }, 'Expired idempotency records were removed from central.');
  }
}
