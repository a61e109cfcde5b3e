import { Injectable, type OnModuleInit } from '@nestjs/common';

import { systemClock } from '../../platform/clock/clock.js';
import { DailyTasks } from '../../tenancy/dirty-marks/daily-tasks.js';
import { makeMonthsAhead } from './usage-months.js';

/** The tables of coming months are made on the daily visit to each database. */
@Injectable()
export class UsageMonths implements OnModuleInit {
  constructor(private readonly dailyTasks: DailyTasks) {}

  onModuleInit(): void {
    this.dailyTasks.register('usage months', ({ pool }) => makeMonthsAhead(pool, systemClock.now()));
  }
}
