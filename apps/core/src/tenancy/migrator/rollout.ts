import { z } from 'zod';

const LIMIT_MS_MAX = 24 * 3_600_000;

/** How a run of migrations goes over the fleet. It is kept with the run, so that one that is resumed goes the same way. */
export const RolloutSchema = z.object({
  /** Who goes first: named tenants, or so many of them. The rest is begun only when all of theirs have succeeded. */
  canary: z
    .union([z.object({ tenants: z.array(z.string()).min(1) }), z.object({ count: z.int().positive() })])
    .nullable()
    .default(null),
  afterCanary: z.enum(['go_on', 'pause']).default('go_on'),
  /** Databases at once. One that is slow lends its place after a while, so that there may be up to twice as many. */
  concurrency: z.int().min(1).max(64).default(6),
  /** Once so many databases have failed, no more are begun. */
  maxFailures: z.int().positive().nullable().default(null),
  /** Tenants by slug or id; null means all. */
  only: z.array(z.string()).min(1).nullable().default(null),
  except: z.array(z.string()).default([]),
  /** The name of a server whose databases alone are meant. */
  server: z.string().nullable().default(null),
  /** Whether databases are opened that central says lack nothing. */
  visit: z.enum(['behind', 'all']).default('behind'),
  statementLimitMs: z
    .int()
    .min(1_000)
    .max(LIMIT_MS_MAX)
    .default(30 * 60_000),
});

export type Rollout = z.output<typeof RolloutSchema>;
