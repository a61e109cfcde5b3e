import { Controller, Get } from '@nestjs/common';

import { unavailable } from '../../platform/errors/common-errors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { Shutdown } from '../../platform/http/shutdown.js';
import { VERSION } from '../../platform/telemetry/version.js';
import { ComponentChecks } from './component-checks.js';
import { type Health, HealthSchema, LivenessSchema, ReadinessSchema } from './health.schemas.js';

/** What load balancers, containers and operators ask. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly checks: ComponentChecks,
    private readonly shutdown: Shutdown,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Summarise the health of the platform',
    description: 'Always 200: it is a report. Probes ask `/health/live` and `/health/ready`.',
    access: 'public',
    rateLimit: 'none',
    returns: HealthSchema,
    operationId: 'getHealth',
  })
  async health(): Promise<Health> {
    const components = await this.checks.look();
    const allUp = components.every(({ status }) => status === 'up');
    return {
      status: this.shutdown.underWay() ? 'shutting_down' : allUp ? 'up' : 'degraded',
      version: VERSION,
      nodeVersion: process.version,
      uptimeSeconds: Math.floor(process.uptime()),
      components,
    };
  }

  @Get('live')
  @Endpoint({
    summary: 'Tell whether the process is alive',
    description: 'Asks nothing of databases or queues: restarting this process would not bring those back.',
    access: 'public',
    rateLimit: 'none',
    returns: LivenessSchema,
    operationId: 'getLiveness',
  })
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  @Endpoint({
    summary: 'Tell whether the process can serve',
    description:
      'The problem names each component that is down. A process that is shutting down is not ready.',
    access: 'public',
    rateLimit: 'none',
    returns: ReadinessSchema,
    operationId: 'getReadiness',
  })
  async ready() {
    if (this.shutdown.underWay()) throw unavailable('The process is shutting down.');
    const components = await this.checks.look();
    const down = components.filter(({ status }) => status === 'down');
    if (down.length > 0) {
      const names = down.map(({ name }) => name);
      const errors = names.map((name) => ({ pointer: '', code: name, message: 'does not answer' }));
      throw unavailable(`Not ready: ${names.join(', ')} ${names.length > 1 ? 'do' : 'does'} not answer.`, {
        errors,
      });
    }
    return { status: 'ready', components };
  }
}
