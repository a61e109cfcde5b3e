import { Controller, Get, Inject, Req } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { forbidden, unauthenticated } from '../../platform/errors/common-errors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { FleetOverview } from '../../tenancy/fleet/fleet-overview.js';
import { type FleetHealth, FleetHealthSchema, toFleetHealth } from './fleet-health.schemas.js';
import { admitToMetrics } from './metrics-access.js';

/** How the fleet of tenant databases does, for those who operate the platform. */
@Controller('health/tenants')
export class FleetHealthController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly overview: FleetOverview,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Summarise the health of the tenant databases',
    description:
      'For operators: it takes the metrics token, or the machine itself where none is set. Tenant databases are looked at in turns, and the answer is remembered for ten seconds.',
    access: 'public',
    rateLimit: 'none',
    returns: FleetHealthSchema,
    errors: [unauthenticated, forbidden],
    undocumented: true,
  })
  async fleet(@Req() request: NovaRequest): Promise<FleetHealth> {
    admitToMetrics(request, this.config.metricsToken);
    return toFleetHealth(await this.overview.look());
  }
}
