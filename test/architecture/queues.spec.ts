import { JOBS, QUEUES } from '@nova/core/platform/queues/catalogue.js';
import { DUE_KINDS } from '@nova/core/tenancy/due-work/due-kinds.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

describe('the catalogue of jobs', () => {
  it.each(Object.entries(JOBS))('%s says whose it is, and takes nothing it does not know', (_name, job) => {
    const schema = z.toJSONSchema(job.payload);
    expect(schema.required).toEqual(expect.arrayContaining(['tenantId', 'mode']));
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(QUEUES)).toContain(job.queue);
    expect(job.attempts).toBeGreaterThan(1);
  });

  it('has a job without other fields for every kind of due work', () => {
    for (const job of Object.values(DUE_KINDS)) {
      expect(JOBS[job].payload.safeParse({ tenantId: 'ten_1', mode: 'test' }).success).toBe(true);
    }
  });
});
