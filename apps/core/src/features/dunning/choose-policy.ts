import type { DunningPolicy, Invoice } from '@nova/prisma-tenant';

import type { TenantReader } from '../../tenancy/tenant-context.js';

/** Of an invoice that bills several subscriptions, the plan that its first line is of counts. */
async function planPolicyOf(db: TenantReader, invoiceId: string): Promise<DunningPolicy | null> {
  const line = await db.invoiceLine.findFirst({
    where: { invoiceId, subscriptionId: { not: null } },
    orderBy: { position: 'asc' },
    select: { subscriptionId: true },
  });
  if (line?.subscriptionId == null) return null;
  const subscription = await db.subscription.findUniqueOrThrow({
    where: { id: line.subscriptionId },
    select: { plan: { select: { dunningPolicy: true } } },
  });
  return subscription.plan.dunningPolicy;
}

/** The policy that an invoice is dunned by: its customer's, else its plan's, else the default one; null for none. */
export async function choosePolicy(db: TenantReader, invoice: Invoice): Promise<DunningPolicy | null> {
  const { dunningPolicy } = await db.customer.findUniqueOrThrow({
    where: { id: invoice.customerId },
    select: { dunningPolicy: true },
  });
  if (dunningPolicy && !dunningPolicy.archivedAt) return dunningPolicy;
  const ofPlan = await planPolicyOf(db, invoice.id);
  if (ofPlan && !ofPlan.archivedAt) return ofPlan;
  return db.dunningPolicy.findFirst({ where: { isDefault: true, archivedAt: null } });
}
