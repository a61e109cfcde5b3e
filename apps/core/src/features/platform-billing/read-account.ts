import type { Tenant } from '@nova/prisma-central';
import type { Customer, Plan, Subscription } from '@nova/prisma-tenant';

import { unavailable } from '../../platform/errors/common-errors.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { findCustomer } from '../customers/customers.repository.js';
import { type AwaitedPlan, readAwaited } from './checkout/awaited-plan.js';
import { enrolTenant } from './enrol-tenant.js';
import { ownPlatform } from './platform-billing.errors.js';

/** What a tenant is in the platform's books. */
export interface PlatformAccount {
  readonly customer: Customer;
  /** Null when it has none at the moment: then Starter's limits hold. */
  readonly current: (Subscription & { plan: Plan }) | null;
  /** What was chosen and is not paid for yet. */
  readonly unpaid: AwaitedPlan | null;
  /** What follows it, when a smaller plan was chosen. */
  readonly next: { readonly plan: Plan; readonly startsAt: Date } | null;
}

/**
 * The tenant's account with the platform. Who asks in the moments between his registration and the job that enrols him
 * is enrolled now.
 * @throws own_platform
 */
export async function openAccount(books: TenantContext, tenant: Tenant): Promise<PlatformAccount> {
  if (tenant.kind === 'platform') throw ownPlatform('This is the platform’s own tenant, which nobody bills.');
  const known = await readAccount(books.db, tenant.id);
  if (known?.current) return known;
  await enrolTenant(books, tenant);
  const enrolled = await readAccount(books.db, tenant.id);
  if (!enrolled) throw unavailable('The account is being set up. Try again in a moment.');
  return enrolled;
}

/** The same as it is; null for a tenant that is not enrolled. */
export async function readAccount(db: TenantReader, tenantId: string): Promise<PlatformAccount | null> {
  const customer = await findCustomer(db, tenantId);
  if (!customer) return null;
  const current = await db.subscription.findFirst({
    where: {
      customerId: customer.id,
      status: { in: ['active', 'trialing', 'paused'] },
      plan: { kind: 'base' },
    },
    orderBy: { id: 'desc' },
    include: { plan: true },
  });
  return {
    customer,
    current,
    unpaid: await readAwaited(db, customer.id),
    next: current && (await readNext(db, current.id)),
  };
}

/** The same of a tenant that is known to be enrolled. */
export async function requireAccount(db: TenantReader, tenantId: string): Promise<PlatformAccount> {
  const account = await readAccount(db, tenantId);
  if (!account) throw new Error(`${tenantId} has no account in the platform's books.`);
  return account;
}

async function readNext(db: TenantReader, subscriptionId: string): Promise<PlatformAccount['next']> {
  const change = await db.subscriptionChange.findFirst({
    where: { subscriptionId, status: 'scheduled' },
    orderBy: [{ effectiveAt: 'asc' }, { id: 'asc' }],
  });
  const planId = (change?.request as { planId?: string } | undefined)?.planId;
  if (!change || planId === undefined) return null;
  const plan = await db.plan.findUnique({ where: { id: planId } });
  return plan && { plan, startsAt: change.effectiveAt };
}
