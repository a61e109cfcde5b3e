import type { Job } from 'bullmq';

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

/** Why a job cannot be read. */
export interface UnreadableJob {
  unreadable: string;
}

/** The job's name and payload as the catalogue knows them, or why it does not: a newer version may have written it. */
export function readJob(job: Pick<Job, 'name' | 'data'>): TenantJob | UnreadableJob {
  if (!Object.hasOwn(JOBS, job.name)) return { unreadable: `There is no job ${job.name} in the catalogue.` };
  const name = job.name as JobName;
  const parsed = JOBS[name].payload.safeParse(job.data);
  if (!parsed.success) {
    return { unreadable: `The payload of ${name} is not valid: ${parsed.error.message}` };
  }
  const { tenantId, mode } = parsed.data;
  return { name, tenantId, mode, payload: parsed.data };
}
