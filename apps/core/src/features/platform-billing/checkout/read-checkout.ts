import type { Tenant } from '@nova/prisma-central';

import { notFound } from '../../../platform/errors/common-errors.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { codeOf } from '../offers.js';
import { openAccount } from '../read-account.js';
import type { CheckoutDesk } from './checkout-desk.js';
import type { BillingCheckoutWire } from './checkout.schemas.js';

/**
 * A checkout of a tenant's as it is: `complete` once its plan has begun, `expired` once nobody may pay it any more.
 * @throws not_found also for another tenant's
 */
export async function readCheckout(
  books: TenantContext,
  desk: CheckoutDesk,
  { tenant, sessionId }: { tenant: Tenant; sessionId: string },
): Promise<BillingCheckoutWire> {
  const { customer } = await openAccount(books, tenant);
  const session = await books.db.checkoutSession.findFirst({
    where: { id: sessionId, customerId: customer.id },
    include: { invoice: { include: { subscription: { include: { plan: true } } } } },
  });
  if (!session) throw notFound('There is no such checkout.');
  const { invoice } = session;
  const isOpen =
    session.status === 'open' && invoice.status === 'open' && session.expiresAt > books.clock.now();
  const plan = invoice.subscription?.plan;
  return {
    object: 'billing_checkout',
    sessionId: session.id,
    status: invoice.status === 'paid' ? 'complete' : isOpen ? 'open' : 'expired',
    url: isOpen ? desk.pageOf(books, session.id) : null,
    plan: plan ? { code: codeOf(plan), name: plan.name } : null,
    amount: Number(invoice.total),
    currency: session.currency as BillingCheckoutWire['currency'],
    expiresAt: session.expiresAt.toISOString(),
  };
}
