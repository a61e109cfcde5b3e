import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { forbidden, unauthenticated } from '../../platform/errors/common-errors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { registry } from '../../platform/telemetry/metrics.js';
import { FleetOverview } from '../../tenancy/fleet/fleet-overview.js';
import { ComponentChecks } from './component-checks.js';
import { noteFleet } from './fleet-metrics.js';
import { admitToMetrics } from './metrics-access.js';
import { noteComponents, noteQueueLoads } from './platform-metrics.js';
import { QueueStatus } from './queue-status.js';
import { within } from '../../platform/timers/within.js';
import { systemClock } from '../../platform/clock/clock.js';

const QUEUES_LIMIT_MS = 2_000;
const FLEET_LIMIT_MS = 4_000;

/** The metrics, as Prometheus reads them. */
@Controller('metrics')
export class MetricsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queues: QueueStatus,
    private readonly checks: ComponentChecks,
    private readonly fleet: FleetOverview,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Read the metrics',
    access: 'public',
    rateLimit: 'none',
    returns: { contentType: 'text/plain' },
    errors: [unauthenticated, forbidden],
    undocumented: true,
  })
  async metrics(
    @Req() request: NovaRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    admitToMetrics(request, this.config.metricsToken);
    noteComponents(await this.checks.look());
    noteQueueLoads(await this.loadsOrNone());
    noteFleet(await this.fleetOrNone());
    void reply.type(registry.contentType);
    return registry.metrics();
  }

  /** When the queues are away, the metric of the component says so, and the others are still told. */
  private async loadsOrNone() {
    try {
      return await within(QUEUES_LIMIT_MS, this.queues.loads(systemClock.now()));
    } catch {
      return [];
    }
  }

  private async fleetOrNone() {
    try {
      return await within(FLEET_LIMIT_MS, this.fleet.look());
    } catch {
      return null;
    }
  }
}
