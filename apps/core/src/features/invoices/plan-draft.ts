import type { Customer } from '@nova/prisma-tenant';

import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { InvoicePlan } from '../billing/invoice-plan.js';
import type { CreateInvoice } from './invoices.schemas.js';
import { defaultNetTermsDays } from './net-terms.js';
import { rateDraftLines, resolveDraftLines, type ResolvedLine } from './resolve-draft-lines.js';

/**
 * What an invoice that somebody writes by hand is to be.
 * @throws notFound, invalidRequest, amountTooLarge
 */
export async function planDraft(
  ctx: TenantContext,
  db: TenantReader,
  { customer, input }: { customer: Customer; input: CreateInvoice },
): Promise<InvoicePlan> {
  const resolved = await resolveDraftLines(db, input.lines);
  const currency = input.currency ?? currencyFor(ctx, customer, resolved);
  return {
    customerId: customer.id,
    subscriptionId: null,
    externalId: input.externalId ?? null,
    currency,
    billingReason: 'manual',
    collectionMethod: input.collectionMethod,
    netTermsDays: input.netTermsDays ?? defaultNetTermsDays(ctx, input.collectionMethod),
    memo: input.memo ?? null,
    purchaseOrder: input.purchaseOrder ?? null,
    metadata: input.metadata,
    charges: rateDraftLines(resolved, currency),
    claims: [],
    finalize: 'by_hand',
    onFinalize: null,
    discountsFrom: customerOrNone(input.discounts),
  };
}

/** Without a word from the caller: what the first price is in, else the customer's currency, else the tenant's. */
function currencyFor(ctx: TenantContext, customer: Customer, lines: readonly ResolvedLine[]): string {
  const priced = lines.find(({ price }) => price !== null);
  return priced?.price?.currency ?? customer.currency ?? ctx.tenant.currency;
}

/** Where an invoice takes discounts from, as its column has it. */
export function customerOrNone(discounts: CreateInvoice['discounts']): 'customer' | null {
  return discounts === 'customer' ? 'customer' : null;
}
