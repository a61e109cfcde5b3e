import type { Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { holdCustomer } from '../customers/customers.repository.js';
import { CreateInvoiceSchema } from '../invoices/invoices.schemas.js';
import { planDraft } from '../invoices/plan-draft.js';
import type { CreateCheckoutSession } from './checkout-sessions.schemas.js';

/**
 * Issues the invoice that a session bills, in the session's transaction: without the one there is not the other.
 * Nothing charges it by itself.
 * @throws notFound, invalidRequest, amountTooLarge
 */
export async function issueCheckoutInvoice(
  ctx: TenantContext,
  tx: TenantTransaction,
  { customerId = '', lines = [], currency }: CreateCheckoutSession,
): Promise<Invoice> {
  const customer = await holdCustomer(tx.db, customerId);
  const given = { customerId, lines, ...(currency === undefined ? {} : { currency }) };
  const input = CreateInvoiceSchema.parse(given);
  const plan = await planDraft(ctx, tx.db, { customer, input });
  const [written] = await writeInvoices(ctx, tx, [{ ...plan, finalize: 'now' }]);
  if (!written) throw new Error('An invoice that was to be issued was not written.');
  return tx.db.invoice.findUniqueOrThrow({ where: { id: written.id } });
}
