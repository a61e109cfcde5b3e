import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import { PlatformTenant } from './platform-tenant.js';

/** Asks for tenants to be enrolled in the platform's books, in the background. */
@Injectable()
export class EnrolmentQueue {
  constructor(
    private readonly platform: PlatformTenant,
    private readonly queues: JobQueues,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** For the moment after a registration, which does not wait for it. What gets lost here a worker finds later. */
  soon(tenantId: string): void {
    this.add(tenantId).catch((error: unknown) =>
      this.log.warn({ err: error, tenantId }, 'A tenant is enrolled with the platform’s next round.'),
    );
  }

  /** Puts the job on its queue, unless it is there. */
  async add(enrolledId: string): Promise<void> {
    if (!this.platform.isOn) return;
    const tenantId = await this.platform.find();
    if (!tenantId) return;
    const payload = { tenantId, mode: 'live' as const, enrolledId };
    await this.queues.addUnlessPending('platform.enrol', payload, {
      key: `platform.enrol ${enrolledId}`,
      rank: 0,
    });
  }
}
