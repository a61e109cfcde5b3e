import type { Job, JobType, Queue } from 'bullmq';

const PAGE = 500;
/** Everywhere that a queue keeps jobs, in the order in which a job goes through them, so that one that moves is met. */
const EVERYWHERE: readonly JobType[] = ['waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed'];

/**
 * Removes the jobs of a queue that belong to a tenant, those that are done too. One that a worker is at stays.
 * @returns how many were found: none means that there is nothing left
 */
export async function removeJobsOf(queue: Queue, tenantId: string): Promise<number> {
  const found = new Map<string, Job>();
  for (const type of EVERYWHERE) {
    for (let start = 0; ; start += PAGE) {
      const page = await queue.getJobs([type], start, start + PAGE - 1, true);
      for (const job of page) if (isOf(job, tenantId) && job.id) found.set(job.id, job);
      if (page.length === 0) break;
    }
  }
  for (const job of found.values()) {
    // One that a worker holds cannot be removed; it is found again by the next look.
    await job.remove().catch(() => undefined);
  }
  return found.size;
}

function isOf({ data }: Job<unknown>, tenantId: string): boolean {
  return typeof data === 'object' && data !== null && 'tenantId' in data && data.tenantId === tenantId;
}
