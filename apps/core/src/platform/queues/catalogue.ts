import { z } from 'zod';

/** Every job says whose it is: a queue is shared by all tenants. */
const tenantJob = { tenantId: z.string().startsWith('ten_'), mode: z.enum(['test', 'live']) };

interface QueueDefinition {
  /** How many jobs one worker process runs at once. */
  concurrency: number;
}

/** The shared queues. */
export const QUEUES = {
  billing: { concurrency: 4 },
  payments: { concurrency: 8 },
  mail: { concurrency: 4 },
  maintenance: { concurrency: 1 },
} as const satisfies Record<string, QueueDefinition>;
export type QueueName = keyof typeof QUEUES;

export interface JobDefinition {
  queue: QueueName;
  payload: z.ZodObject<typeof tenantJob & z.ZodRawShape>;
  attempts: number;
  /** First delay of the exponential backoff. */
  backoffMs: number;
  /** 1 is the most urgent. */
  priority: number;
  /** Set for the job that moves a test clock: while that is under way, all others of the database wait for it. */
  movesTestClock?: true;
}

/** The one catalogue of jobs: start-up fails when one has no handler, or two. */
export const JOBS = {
  'billing.run': {
    queue: 'billing',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
  },
  'invoices.collect': {
    queue: 'payments',
    payload: z.strictObject({ ...tenantJob, invoiceId: z.string() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
  },
  'payments.verify_pending': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
  },
  'invoices.email': {
    queue: 'mail',
    payload: z.strictObject({ ...tenantJob, emailId: z.string() }),
    attempts: 12,
    backoffMs: 2_000,
    priority: 5,
  },
  'test_clock.advance': {
    queue: 'maintenance',
    // The database by its id too: test data may be deleted meanwhile, and the clock of the new database is not meant.
    payload: z.strictObject({ ...tenantJob, databaseId: z.string(), to: z.iso.datetime() }),
    attempts: 5,
    backoffMs: 1_000,
    priority: 5,
    movesTestClock: true,
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>;
