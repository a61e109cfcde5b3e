import type { JobName } from '../../platform/queues/catalogue.js';

/** Kinds of work that come due by the clock, each with the job that does all of it that is due in one tenant database. */
export const DUE_KINDS = {
  billing: 'billing.run',
  invoices: 'invoices.finalize_due',
  payments: 'payments.verify_pending',
  overdue_invoices: 'invoices.mark_overdue',
  dunning: 'dunning.run',
  usage_alerts: 'usage_alerts.evaluate',
  refunds: 'refunds.verify_pending',
  reconciliations: 'payments.reconcile',
  provider_webhooks: 'provider_webhooks.process',
  wallets: 'wallets.expire',
  webhooks: 'webhooks.deliver',
  checkout_sessions: 'checkout_sessions.expire',
} as const satisfies Record<string, JobName>;

export type DueKind = keyof typeof DUE_KINDS;
