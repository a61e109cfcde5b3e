import { Module } from '@nestjs/common';

import { addDefaultMetrics } from '../../platform/telemetry/default-metrics.js';
import { ComponentChecks } from './component-checks.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { queueStatusProvider } from './queue-status.js';

/** Health and metrics, for those who operate the platform. */
@Module({
  controllers: [HealthController, MetricsController],
  providers: [ComponentChecks, queueStatusProvider],
})
export class HealthModule {
  constructor() {
    addDefaultMetrics();
  }
}
