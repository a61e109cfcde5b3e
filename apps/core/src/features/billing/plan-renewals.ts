import type { Subscription } from '@nova/prisma-tenant';

import { bills, type PauseMode } from '../../domain/subscriptions/pause-mode.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { Charge } from './charge.js';
import type { CollectionMethod, Finalization, InvoicePlan, PeriodClaim } from './invoice-plan.js';
import { hasArrears, type Renewal } from './renewal-charges.js';
import { usageRequests } from './usage-charges.js';

const GRACE_HOURS = 1;
const HOUR_MS = 3_600_000;

/** The invoice of a renewal that is rated. */
export function planRenewal(ctx: TenantContext, renewal: Renewal, charges: readonly Charge[]): InvoicePlan {
  const { subscription } = renewal.billable;
  const onFinalize = fateOf(subscription);
  return {
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    externalId: null,
    currency: subscription.currency,
    billingReason: renewal.next
      ? renewal.oneTime === 'due'
        ? 'subscription_create'
        : 'subscription_cycle'
      : 'subscription_end',
    collectionMethod: subscription.collectionMethod as CollectionMethod,
    netTermsDays: subscription.netTermsDays,
    memo: null,
    purchaseOrder: null,
    metadata: {},
    charges,
    claims: claimsOf(renewal),
    finalize: onFinalize === 'keep' ? 'by_hand' : finalizationOf(ctx, renewal),
    onFinalize,
  };
}

/** The period that begins is claimed as moved to, the one that is over as billed for what it has used. */
function claimsOf({ billable, ended, next }: Renewal): PeriodClaim[] {
  const subscriptionId = billable.subscription.id;
  const claims: PeriodClaim[] = [];
  if (ended && hasArrears(billable)) {
    const { start, end } = ended.period;
    claims.push({ subscriptionId, kind: 'usage', periodStart: start, periodEnd: end });
  }
  if (next) {
    const { start, end } = next.period;
    claims.push({ subscriptionId, kind: 'recurring', periodStart: start, periodEnd: end });
  }
  return claims;
}

/** An invoice with usage waits for events that are late, for as long as the subscription or the tenant says. */
function finalizationOf(ctx: TenantContext, { billable, ended }: Renewal): Finalization {
  if (!ended || usageRequests(billable, ended).length === 0) return 'now';
  const hours = billable.subscription.graceHours ?? ctx.tenant.settings.invoiceGraceHours ?? GRACE_HOURS;
  const at = new Date(ended.period.end.getTime() + hours * HOUR_MS);
  return at > ctx.clock.now() ? { at } : 'now';
}

/** What a pause that goes on billing says of its invoices. */
function fateOf({ status, pauseMode }: Subscription): InvoicePlan['onFinalize'] {
  if (status !== 'paused' || pauseMode === null || !bills(pauseMode as PauseMode)) return null;
  return pauseMode === 'void_invoices' ? 'void' : 'keep';
}

/**
 * One invoice for what is due at the same moment, for customers who want it so: what can be on one document is, with the
 * same currency, terms and fate. It waits for as long as any part of it has to.
 */
export function joinPlans(
  plans: readonly { readonly plan: InvoicePlan; readonly dueAt: Date; readonly together: string | null }[],
): InvoicePlan[] {
  const joined = new Map<string, InvoicePlan>();
  for (const [index, { plan, dueAt, together }] of plans.entries()) {
    const { currency, collectionMethod, netTermsDays, onFinalize } = plan;
    const key =
      together === null
        ? `alone ${index}`
        : JSON.stringify([together, dueAt, currency, collectionMethod, netTermsDays, onFinalize]);
    const known = joined.get(key);
    joined.set(key, known ? join(known, plan) : plan);
  }
  return [...joined.values()];
}

function join(one: InvoicePlan, other: InvoicePlan): InvoicePlan {
  return {
    ...one,
    subscriptionId: one.subscriptionId === other.subscriptionId ? one.subscriptionId : null,
    billingReason: one.billingReason === other.billingReason ? one.billingReason : 'subscription_cycle',
    charges: [...one.charges, ...other.charges],
    claims: [...one.claims, ...other.claims],
    finalize: later(one.finalize, other.finalize),
  };
}

function later(one: Finalization, other: Finalization): Finalization {
  if (typeof one !== 'object') return other;
  if (typeof other !== 'object') return one;
  return one.at > other.at ? one : other;
}
