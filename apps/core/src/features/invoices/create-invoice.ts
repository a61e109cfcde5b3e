import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { holdCustomer } from '../customers/customers.repository.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { readInvoice } from './invoices.repository.js';
import type { CreateInvoice } from './invoices.schemas.js';
import { planDraft } from './plan-draft.js';

/**
 * Makes a draft for something billed once. It may change until it is finalised.
 * @throws notFound, externalIdTaken, invalidRequest, amountTooLarge
 */
export async function createInvoice(ctx: TenantContext, input: CreateInvoice): Promise<InvoiceWithLines> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const customer = await holdCustomer(tx.db, input.customerId);
      const [draft] = await writeInvoices(ctx, tx, [await planDraft(ctx, tx.db, { customer, input })]);
      if (!draft) throw new Error('A draft that was asked for was not written.');
      return readInvoice(tx.db, draft.id);
    }),
  );
}
