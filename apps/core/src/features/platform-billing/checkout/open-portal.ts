import type { Tenant } from '@nova/prisma-central';

import { unavailable } from '../../../platform/errors/common-errors.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { nothingToManage } from '../platform-billing.errors.js';
import { openAccount } from '../read-account.js';
import type { CheckoutDesk } from './checkout-desk.js';
import type { BillingPortalWire } from './checkout.schemas.js';

/**
 * Opens the pages on which a tenant sees to what it pays the platform with: those of the provider that keeps its card where
 * that has such pages, else the page of its newest open invoice.
 * @throws nothing_to_manage, unavailable while the provider does not answer
 */
export async function openPortal(
  books: TenantContext,
  desk: CheckoutDesk,
  { tenant, returnUrl }: { tenant: Tenant; returnUrl: string | undefined },
): Promise<BillingPortalWire> {
  const { customer } = await openAccount(books, tenant);
  const url = await portalOf(books, desk, { customerId: customer.id, returnUrl });
  if (url !== null) return { object: 'billing_portal', kind: 'provider_portal', url };
  const invoice = await books.db.invoice.findFirst({
    where: { customerId: customer.id, status: 'open', amountDue: { gt: 0 } },
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  });
  if (!invoice) throw nothingToManage('No card is saved and no invoice is open.');
  const page = { kind: 'invoice', databaseId: books.databaseId, id: invoice.id } as const;
  return { object: 'billing_portal', kind: 'invoice', url: desk.links.urlOf(page) };
}

/** Null when nothing is saved with a provider that has such pages, or the provider does not know the customer any more. */
async function portalOf(
  books: TenantContext,
  { providers }: CheckoutDesk,
  { customerId, returnUrl }: { customerId: string; returnUrl: string | undefined },
): Promise<string | null> {
  const saved = await books.db.paymentMethod.findMany({
    where: { customerId, detachedAt: null, providerCustomerId: { not: null } },
    orderBy: [{ isDefault: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
  });
  for (const { provider: name, providerCustomerId } of saved) {
    const provider = await providers.of(books, name);
    if (providerCustomerId === null || !provider.portal) continue;
    const visit = { providerCustomerId, returnUrl: returnUrl ?? providers.returnUrl(books) };
    const opened = await provider.portal(books, visit);
    if (opened.kind === 'opened') return opened.url;
    if (opened.kind === 'unknown')
      throw unavailable('The payment provider does not answer. Try again in a moment.');
    books.log.warn({ provider: name, code: opened.code }, 'A provider refuses to open its portal.');
  }
  return null;
}
