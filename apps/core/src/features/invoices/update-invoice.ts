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
import { customerOrNone } from './plan-draft.js';
import { rateDraftLines, resolveDraftLines } from './resolve-draft-lines.js';
import { recordEvent } from '../events/record-event.js';
import { invoiceEvent } from './invoice-event.js';

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
    const { metadata, lines, discounts, ...columns } = input;
    const changesMoney = lines !== undefined || discounts !== undefined;
    const changesDocument = changesMoney || Object.keys(columns).length > 0;
    if (changesDocument && !invoiceStates.canMove(invoice.status, 'edit')) {
      throw invoiceNotDraft(`Invoice ${invoice.id} is ${invoice.status}: only its metadata can change.`);
    }
    const data: Prisma.InvoiceUpdateInput = { ...columns };
    if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(invoice.metadata), metadata);
    const discountsFrom = discounts === undefined ? invoice.discountsFrom : customerOrNone(discounts);
    if (changesMoney) await rewriteMoney(ctx, tx, { draft: { ...invoice, discountsFrom }, lines });
    const changed = await tx.db.invoice.update({
      where: { id: invoice.id },
      data: { ...data, discountsFrom, version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    await recordEvent(tx, ctx, invoiceEvent('invoice.updated', changed, { before: invoice }));
    return readInvoice(tx.db, invoice.id);
  });
}

/**
 * Works out a draft anew, with other lines where they are given. What a subscription charges stays: it is rated by the
 * engine, not by hand.
 */
async function rewriteMoney(
  ctx: TenantContext,
  tx: TenantTransaction,
  { draft, lines }: { draft: Invoice; lines: UpdateInvoice['lines'] },
): Promise<void> {
  const chargesOf = await loadChargesOfDrafts(tx.db, [draft.id]);
  const standing = chargesOf(draft.id);
  const charges =
    lines === undefined
      ? standing
      : [
          ...standing.filter(({ subscriptionId }) => subscriptionId !== null),
          ...rateDraftLines(await resolveDraftLines(tx.db, lines), draft.currency),
        ];
  await rewriteDrafts(ctx, tx, [{ draft, charges }]);
}
