import type { Invoice, Prisma } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { loadChargesOfDrafts } from '../billing/charges-of-draft.js';
import { rewriteDrafts } from '../billing/rewrite-drafts.js';
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
    if (lines !== undefined) await replaceLines(ctx, tx, { invoice, lines });
    await tx.db.invoice.update({
      where: { id: invoice.id },
      data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    return readInvoice(tx.db, invoice.id);
  });
}

/** Replaces what was written by hand. What a subscription charges stays: it is rated by the engine, not by hand. */
async function replaceLines(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, lines }: { invoice: Invoice; lines: NonNullable<UpdateInvoice['lines']> },
): Promise<void> {
  const chargesOf = await loadChargesOfDrafts(tx.db, [invoice.id]);
  const kept = chargesOf(invoice.id).filter(({ subscriptionId }) => subscriptionId !== null);
  const written = rateDraftLines(await resolveDraftLines(tx.db, lines), invoice.currency);
  await rewriteDrafts(ctx, tx, [{ draft: invoice, charges: [...kept, ...written] }]);
}
