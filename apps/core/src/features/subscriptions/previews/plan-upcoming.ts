import type { SubscriptionChange } from '@nova/prisma-tenant';

import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable } from '../../billing/billable.js';
import type { InvoicePlan } from '../../billing/invoice-plan.js';
import type { Act } from '../acts/act.js';
import { type Expected, planNext } from '../plan-next.js';

/** Enough for what lies before the next invoice; a subscription that never bills is not followed for ever. */
const ACTS_MAX = 60;

/** An invoice that lies ahead, with the moment at which it falls due. */
export interface UpcomingInvoice {
  readonly at: Date;
  readonly plan: InvoicePlan;
}

/**
 * Follows a subscription through what lies ahead, one act after the other, until one is met that is looked for; null
 * when nothing more happens, or not soon.
 */
export async function followUntil(
  ctx: TenantContext,
  db: TenantReader,
  { expected, found }: { expected: Expected; found: (act: Act) => boolean },
): Promise<Act | null> {
  let { before, changes } = expected;
  for (let count = 0; count < ACTS_MAX; count++) {
    const act = await planNext(ctx, db, { before, changes });
    if (act === null || found(act)) return act;
    changes = changesAfter(act, changes);
    before = act.after;
  }
  return null;
}

/** What the next invoice will have if nothing else happens, with the usage of up to now; null when none will come. */
export async function planUpcoming(
  ctx: TenantContext,
  db: TenantReader,
  expected: { before: Billable; changes: readonly SubscriptionChange[] },
): Promise<UpcomingInvoice | null> {
  const act = await followUntil(ctx, db, { expected, found: ({ invoices }) => invoices.some(hasCharges) });
  const plan = act?.invoices.find(hasCharges);
  return act && plan ? { at: act.at, plan } : null;
}

/** The changes that still wait after an act, the earliest first. */
export function changesAfter(
  { changeId, after }: Act,
  changes: readonly SubscriptionChange[],
): SubscriptionChange[] {
  const { status, currentPeriodEnd } = after.subscription;
  if (status === 'canceled') return [];
  return changes
    .filter(({ id }) => id !== changeId)
    .map((change) => (waitsForPeriod(change) ? { ...change, effectiveAt: currentPeriodEnd } : change))
    .toSorted((a, b) => a.effectiveAt.getTime() - b.effectiveAt.getTime());
}

function waitsForPeriod({ request }: SubscriptionChange): boolean {
  return (request as Record<string, unknown>)['timing'] === 'period_end';
}

function hasCharges({ charges }: InvoicePlan): boolean {
  return charges.length > 0;
}
