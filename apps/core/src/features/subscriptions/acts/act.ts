import type { Prisma, Subscription } from '@nova/prisma-tenant';

import type { Billable } from '../../billing/billable.js';
import type { InvoicePlan } from '../../billing/invoice-plan.js';
import type { CreditedInvoiceLine } from '../../credit-notes/credit-note-request.js';

/** What happens to a subscription. Each is written to its history and told as an event. */
export type ActKind =
  | 'created'
  | 'started'
  | 'trial_ended'
  | 'renewed'
  | 'changed'
  | 'paused'
  | 'resumed'
  | 'cancel_scheduled'
  | 'kept'
  | 'canceled'
  | 'reactivated';

/** A credit note that is to be, over lines of one invoice. */
export interface PlannedCredit {
  readonly invoiceId: string;
  readonly lines: readonly CreditedInvoiceLine[];
}

/**
 * What something does to a subscription, worked out to the last line before anything is written: a preview shows it, and
 * `applyAct` writes it.
 */
export interface Act {
  readonly kind: ActKind;
  /** When it takes effect. */
  readonly at: Date;
  readonly before: Billable;
  /** The row and all items, those that have ended too, as they will stand. */
  readonly after: Billable;
  readonly invoices: readonly InvoicePlan[];
  readonly credits: readonly PlannedCredit[];
  /** What was asked for, as the history keeps it. */
  readonly request: Prisma.InputJsonObject;
  /** The scheduled change that this is; null for what was asked for now. */
  readonly changeId: string | null;
}

/** An act that moves no money. */
export const NO_MONEY = {
  invoices: [],
  credits: [],
  request: {},
  changeId: null,
} as const satisfies Partial<Act>;

/** The subscription with other values in its row. */
export function withRow(billable: Billable, patch: Partial<Subscription>): Billable {
  return { ...billable, subscription: { ...billable.subscription, ...patch } };
}
