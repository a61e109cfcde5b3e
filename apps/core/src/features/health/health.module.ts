import { Module } from '@nestjs/common';

import { addDefaultMetrics } from '../../platform/telemetry/default-metrics.js';
import { FleetOverview } from '../../tenancy/fleet/fleet-overview.js';
import { ComponentChecks } from './component-checks.js';
import { FleetHealthController } from './fleet-health.controller.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { QueueStatus } from './queue-status.js';

/** Health and metrics, for those who operate the platform. */
@Module({
  controllers: [HealthController, FleetHealthController, MetricsController],
  providers: [ComponentChecks, FleetOverview, QueueStatus],
})
export class HealthModule {
  constructor() {
    addDefaultMetrics();
  }
}
