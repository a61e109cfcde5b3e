import { createHash } from 'node:crypto';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { PayLinks } from '../hosted-pages/pay-links.js';
import { buildInvoiceDocument, readPrintable } from './build-invoice-document.js';
import type { InvoiceDocument } from './document/invoice-document.js';
import { renderInvoicePdf } from './document/render-invoice-pdf.js';
import { requireInvoice } from './invoices.repository.js';

export interface InvoicePdf {
  /** As a file name: the number, or the id of a draft. */
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Of the bytes themselves: a draft's document also changes with its seller and its buyer. */
  readonly etag: string;
}

/**
 * The invoice as a PDF, which says where it is paid.
 * @throws notFound
 */
export async function readInvoicePdf(
  ctx: TenantContext,
  reference: string,
  payLinks: PayLinks,
): Promise<InvoicePdf> {
  const { id } = await requireInvoice(ctx.db, reference);
  const invoice = await readPrintable(ctx.db, id);
  const payLink = await payLinks.of(ctx, invoice);
  return toPdf(buildInvoiceDocument(ctx, invoice, { edition: 'original', payLink }), pdfFileName(invoice));
}

/** Renders a document, to be handed out under a name. */
export async function toPdf(document: InvoiceDocument, fileName: string): Promise<InvoicePdf> {
  const bytes = await renderInvoicePdf(document);
  const digest = createHash('sha256').update(bytes).digest('base64url');
  return { fileName, bytes, etag: `"${digest}"` };
}

/** A name that any file system takes: a number's prefix may hold a slash. */
export function pdfFileName(invoice: { number: string | null; id: string }): string {
  return `${(invoice.number ?? `draft-${invoice.id}`).replace(/[^A-Za-z0-9._-]/g, '-')}.pdf`;
}
