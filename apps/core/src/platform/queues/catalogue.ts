import { z } from 'zod';

const MINUTE_MS = 60_000;

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
  // Its jobs do not wait for what they send.
  webhooks: { concurrency: 16 },
  maintenance: { concurrency: 1 },
} as const satisfies Record<string, QueueDefinition>;
export type QueueName = keyof typeof QUEUES;

export interface JobDefinition {
  queue: QueueName;
  payload: z.ZodObject<typeof tenantJob & z.ZodRawShape>;
  attempts: number;
  /** First delay of the exponential backoff. */
  backoffMs: number;
  /** 1 is the most urgent. Jobs of a tenant that has many on the queue rank behind it. */
  priority: number;
  /** A job that takes longer is given up and tried again: something that it waits for hangs. */
  limitMs: number;
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
    limitMs: MINUTE_MS,
  },
  'invoices.finalize_due': {
    queue: 'billing',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'invoices.collect': {
    queue: 'payments',
    payload: z.strictObject({ ...tenantJob, invoiceId: z.string() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'usage_alerts.evaluate': {
    queue: 'maintenance',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'payments.verify_pending': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'payment_methods.release': {
    queue: 'payments',
    payload: z.strictObject({ ...tenantJob, paymentMethodId: z.string() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'checkout_sessions.expire': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'provider_webhooks.process': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'invoices.mark_overdue': {
    queue: 'billing',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'dunning.run': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'payments.reconcile': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 8,
    limitMs: MINUTE_MS,
  },
  'refunds.send': {
    queue: 'payments',
    payload: z.strictObject({ ...tenantJob, refundId: z.string() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'refunds.verify_pending': {
    queue: 'payments',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'wallets.expire': {
    queue: 'billing',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'wallets.top_up': {
    queue: 'billing',
    payload: z.strictObject({ ...tenantJob, walletId: z.string() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'mrr.refresh': {
    queue: 'maintenance',
    // Since when the customer's discounts are others.
    payload: z.strictObject({ ...tenantJob, customerId: z.string(), at: z.iso.datetime() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'invoices.email': {
    queue: 'mail',
    payload: z.strictObject({ ...tenantJob, emailId: z.string() }),
    attempts: 12,
    backoffMs: 2_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'webhooks.deliver': {
    queue: 'webhooks',
    payload: z.strictObject(tenantJob),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'webhooks.notify_disabled': {
    queue: 'mail',
    payload: z.strictObject({ ...tenantJob, endpointId: z.string() }),
    attempts: 12,
    backoffMs: 2_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'platform.enrol': {
    queue: 'billing',
    // `tenantId` is the platform's own tenant, in whose books the other one is enrolled.
    payload: z.strictObject({ ...tenantJob, enrolledId: z.string().startsWith('ten_') }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'platform.refresh_entitlements': {
    queue: 'billing',
    payload: z.strictObject({ ...tenantJob, since: z.iso.datetime() }),
    attempts: 10,
    backoffMs: 1_000,
    priority: 5,
    limitMs: MINUTE_MS,
  },
  'test_clock.advance': {
    queue: 'maintenance',
    // The database by its id too: test data may be deleted meanwhile, and the clock of the new database is not meant.
    payload: z.strictObject({ ...tenantJob, databaseId: z.string(), to: z.iso.datetime() }),
    attempts: 5,
    backoffMs: 1_000,
    priority: 5,
    limitMs: 15 * MINUTE_MS,
    movesTestClock: true,
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>;
