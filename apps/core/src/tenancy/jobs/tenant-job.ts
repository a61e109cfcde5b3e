import { type Job, UnrecoverableError } from 'bullmq';

import { type JobName, JOBS } from '../../platform/queues/catalogue.js';
import type { Mode } from '../tenant-context.js';

/** What a job says: what is to be done, and for whom. */
export interface TenantJob {
  name: JobName;
  tenantId: string;
  mode: Mode;
  /** As the catalogue's schema has parsed it. */
  payload: object;
}

/**
 * The job's name and payload, as the catalogue knows them.
 * @throws UnrecoverableError when it does not know them: that will not get better
 */
export function checkedJob(job: Job): TenantJob {
  if (!Object.hasOwn(JOBS, job.name))
    throw new UnrecoverableError(`There is no job ${job.name} in the catalogue.`);
  const name = job.name as JobName;
  const parsed = JOBS[name].payload.safeParse(job.data);
  if (!parsed.success)
    throw new UnrecoverableError(`The payload of ${name} is not valid: ${parsed.error.message}`);
  const { tenantId, mode } = parsed.data;
  return { name, tenantId, mode, payload: parsed.data };
}
