import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { Billable, BilledPeriod } from '../../billing/billable.js';
import type { BillingReason, InvoicePlan } from '../../billing/invoice-plan.js';
import { planRenewal } from '../../billing/plan-renewals.js';
import { renewalCharges } from '../../billing/renewal-charges.js';

/** Bills what is due when a period begins that is no renewal: its fees in advance, and one-time prices when due. */
export function openStretch(
  ctx: TenantContext,
  billable: Billable,
  of: { next: BilledPeriod; oneTime: 'due' | 'billed_before'; reason: BillingReason },
): InvoicePlan {
  const renewal = { billable, ended: null, next: of.next, oneTime: of.oneTime };
  const { charges } = renewalCharges(renewal, { usage: new Map() });
  return { ...planRenewal(ctx, renewal, charges), billingReason: of.reason };
}
