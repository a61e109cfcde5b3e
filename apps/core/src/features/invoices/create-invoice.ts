import type { Customer } from '@nova/prisma-tenant';

import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { holdCustomer } from '../customers/customers.repository.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { readInvoice } from './invoices.repository.js';
import type { CreateInvoice } from './invoices.schemas.js';
import { defaultNetTermsDays } from './net-terms.js';
import { rateDraftLines, resolveDraftLines, type ResolvedLine } from './resolve-draft-lines.js';

/**
 * Makes a draft for something billed once. It may change until it is finalised.
 * @throws notFound, externalIdTaken, invalidRequest
 */
export async function createInvoice(ctx: TenantContext, input: CreateInvoice): Promise<InvoiceWithLines> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const customer = await holdCustomer(tx.db, input.customerId);
      const resolved = await resolveDraftLines(tx.db, input.lines);
      const currency = input.currency ?? currencyFor(ctx, customer, resolved);
      const [draft] = await writeInvoices(ctx, tx, [
        {
          customerId: customer.id,
          subscriptionId: null,
          externalId: input.externalId ?? null,
          currency,
          billingReason: 'manual',
          collectionMethod: input.collectionMethod,
          netTermsDays: input.netTermsDays ?? defaultNetTermsDays(ctx, input.collectionMethod),
          memo: input.memo ?? null,
          purchaseOrder: null,
          metadata: input.metadata,
          charges: rateDraftLines(resolved, currency),
          claims: [],
          finalize: 'by_hand',
          onFinalize: null,
        },
      ]);
      if (!draft) throw new Error('A draft that was asked for was not written.');
      return readInvoice(tx.db, draft.id);
    }),
  );
}

/** Without a word from the caller: what the first price is in, else the customer's currency, else the tenant's. */
function currencyFor(ctx: TenantContext, customer: Customer, lines: readonly ResolvedLine[]): string {
  const priced = lines.find(({ price }) => price !== null);
  return priced?.price?.currency ?? customer.currency ?? ctx.tenant.currency;
}
