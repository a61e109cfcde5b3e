import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { JOBS, type JobName, type JobPayload } from '../../platform/queues/catalogue.js';
import type { TenantContext } from '../tenant-context.js';

/** Does one job. It may be called twice for the same job, and twice at once. */
export type JobHandler<N extends JobName> = (ctx: TenantContext, payload: JobPayload<N>) => Promise<void>;

/** Who does which job. Features register theirs as they are made; start-up fails when a job has no handler or two. */
@Injectable()
export class JobHandlers implements OnApplicationBootstrap {
  private readonly handlers = new Map<JobName, JobHandler<never>>();

  register<N extends JobName>(name: N, handler: JobHandler<N>): void {
    if (this.handlers.has(name)) throw new Error(`The job ${name} has two handlers.`);
    this.handlers.set(name, handler);
  }

  /** The handler of `name`, taking a payload that was parsed by the catalogue's schema. */
  of<N extends JobName>(name: N): JobHandler<N> {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`The job ${name} has no handler.`);
    return handler;
  }

  onApplicationBootstrap(): void {
    for (const name of Object.keys(JOBS) as JobName[]) this.of(name);
  }
}
