import type { CheckoutSession, Invoice, Plan, Prisma, Subscription } from '@nova/prisma-tenant';

import type { TenantReader } from '../../../tenancy/tenant-context.js';

/** A plan that a tenant has chosen and not paid for yet: it grants nothing until its first invoice is paid. */
export interface AwaitedPlan {
  readonly subscription: Subscription;
  readonly plan: Plan;
  readonly invoice: Invoice;
  /** Where it is paid: the newest one. */
  readonly session: CheckoutSession | null;
}

const WITH_ALL = {
  plan: true,
  awaits: { include: { checkouts: { orderBy: { id: 'desc' }, take: 1 } } },
} as const satisfies Prisma.SubscriptionInclude;

type Row = Prisma.SubscriptionGetPayload<{ include: typeof WITH_ALL }>;

/** What a customer of the platform's has chosen and not paid for; null when there is nothing. */
export async function readAwaited(db: TenantReader, customerId: string): Promise<AwaitedPlan | null> {
  const row = await db.subscription.findFirst({
    where: { customerId, status: 'scheduled', awaitsInvoiceId: { not: null } },
    orderBy: { id: 'desc' },
    include: WITH_ALL,
  });
  return row && awaitedOf(row);
}

/** Everything that waits, for whoever looks after it, the oldest first. */
export async function listAwaited(db: TenantReader, most: number): Promise<AwaitedPlan[]> {
  const rows = await db.subscription.findMany({
    where: { awaitsInvoiceId: { not: null } },
    orderBy: { id: 'asc' },
    take: most,
    include: WITH_ALL,
  });
  return rows.flatMap((row) => awaitedOf(row) ?? []);
}

/** Whether somebody may still pay it at its session. */
export function isPayable({ session }: Pick<AwaitedPlan, 'session'>, now: Date): boolean {
  return session?.status === 'open' && session.expiresAt > now;
}

function awaitedOf({ plan, awaits, ...subscription }: Row): AwaitedPlan | null {
  if (!awaits) return null;
  const { checkouts, ...invoice } = awaits;
  return { subscription, plan, invoice, session: checkouts[0] ?? null };
}
