import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { CollectionMethod } from '../billing/invoice-plan.js';

/** The tenant's own terms where the customer is to pay; an invoice that is charged unattended is due at once. */
export function defaultNetTermsDays(ctx: TenantContext, method: CollectionMethod): number {
  return method === 'send_invoice' ? (ctx.tenant.settings.netTermsDays ?? 0) : 0;
}
