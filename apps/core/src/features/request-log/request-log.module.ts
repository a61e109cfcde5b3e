import { Inject, Module } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { DailyTasks } from '../../tenancy/dirty-marks/daily-tasks.js';
import { removeOldRequests } from './remove-old-requests.js';
import { RequestLogController } from './request-log.controller.js';
import { RequestLogRecorder } from './request-log-recorder.js';
import { RequestLogWriter } from './request-log-writer.js';

/** What was asked of a tenant's data, listed for the tenant. */
@Module({ controllers: [RequestLogController], providers: [RequestLogWriter, RequestLogRecorder] })
export class RequestLogModule {
  constructor(@Inject(CONFIG) config: Config, dailyTasks: DailyTasks) {
    dailyTasks.register('request-log', (database) => removeOldRequests(database, config.requestLogDays));
  }
}
