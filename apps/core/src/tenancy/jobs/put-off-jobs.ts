import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { LOGGER } from '../../platform/log/log.module.js';
import type { JobName } from '../../platform/queues/catalogue.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import { ChangeListener } from '../central/changes.js';
import { refusalOf } from '../context/admission.js';
import { TenantDirectory } from '../directory/tenant-directory.js';

/** Beyond so many, jobs are not remembered here and come up again when their delay is over. */
const REMEMBERED_MAX = 50_000;
const AT_ONCE = 20;

/**
 * The jobs that this process has put off because their tenant is stopped. When the tenant may work again they are called
 * up at once, without looking through the queues for them. Those of a process that died come up when their delay is over.
 */
@Injectable()
export class PutOffJobs {
  private readonly byTenant = new Map<string, Map<string, JobName>>();
  private remembered = 0;

  constructor(
    private readonly queues: JobQueues,
    private readonly directory: TenantDirectory,
    @Inject(LOGGER) private readonly log: Logger,
    changes: ChangeListener,
  ) {
    changes.onChange((change) => {
      if (change.kind === 'tenant') this.wake(change.tenantId);
    });
    changes.onGap(() => {
      for (const tenantId of this.byTenant.keys()) this.wake(tenantId);
    });
  }

  /** Remembers a job that was put off. Its tenant may have been let go on meanwhile, which is looked at once more. */
  remember(tenantId: string, job: { id: string; name: JobName }): void {
    if (this.remembered >= REMEMBERED_MAX) return;
    const jobs = this.byTenant.get(tenantId) ?? new Map<string, JobName>();
    this.byTenant.set(tenantId, jobs);
    if (!jobs.has(job.id)) this.remembered++;
    jobs.set(job.id, job.name);
    void this.wakeIfAdmitted(tenantId, (id) => this.directory.get(id));
  }

  private wake(tenantId: string): void {
    if (this.byTenant.has(tenantId)) void this.wakeIfAdmitted(tenantId, (id) => this.directory.fresh(id));
  }

  private async wakeIfAdmitted(tenantId: string, read: TenantDirectory['get']): Promise<void> {
    try {
      if (refusalOf(await read(tenantId), 'data', systemClock.now())) return;
      const jobs = [...(this.byTenant.get(tenantId) ?? [])];
      this.byTenant.delete(tenantId);
      this.remembered -= jobs.length;
      for (let from = 0; from < jobs.length; from += AT_ONCE) {
        const some = jobs.slice(from, from + AT_ONCE);
        await Promise.all(some.map(([id, name]) => this.queues.callUp(name, id)));
      }
    } catch (error) {
      this.log.warn({ err: error, tenantId }, 'Jobs that were put off come up when their delay is over.');
    }
  }
}
