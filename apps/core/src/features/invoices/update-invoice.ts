import type { Invoice, Prisma } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { billableTotalsOf, insertLines } from './insert-invoice.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { invoiceNotDraft } from './invoices.errors.js';
import { lockInvoice, readInvoice } from './invoices.repository.js';
import type { UpdateInvoice } from './invoices.schemas.js';
import { rateDraftLines, resolveDraftLines } from './resolve-draft-lines.js';

/**
 * Changes a draft. Of an invoice that was issued only the metadata can change: the document stands as it is.
 * @throws notFound, preconditionFailed, invoiceNotDraft, invalidRequest
 */
export async function updateInvoice(
  ctx: TenantContext,
  reference: string,
  input: UpdateInvoice,
  expected: ExpectedVersions,
): Promise<InvoiceWithLines> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    checkVersion(expected, invoice.version);
    const { metadata, lines, ...columns } = input;
    const changesDocument = lines !== undefined || Object.keys(columns).length > 0;
    if (changesDocument && !invoiceStates.canMove(invoice.status, 'edit')) {
      throw invoiceNotDraft(`Invoice ${invoice.id} is ${invoice.status}: only its metadata can change.`);
    }
    const data: Prisma.InvoiceUpdateInput = { ...columns };
    if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(invoice.metadata), metadata);
    if (lines !== undefined) Object.assign(data, await replaceLines(tx, invoice, lines));
    await tx.db.invoice.update({
      where: { id: invoice.id },
      data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    return readInvoice(tx.db, invoice.id);
  });
}

async function replaceLines(
  tx: TenantTransaction,
  invoice: Invoice,
  lines: NonNullable<UpdateInvoice['lines']>,
): Promise<Prisma.InvoiceUpdateInput> {
  const rated = rateDraftLines(await resolveDraftLines(tx.db, lines), invoice.currency);
  const { subtotal, total } = billableTotalsOf(rated);
  await tx.db.invoiceLine.deleteMany({ where: { invoiceId: invoice.id } });
  await insertLines(tx, invoice.id, rated);
  return { subtotal, total, amountDue: total };
}
