import type { InvoiceDocument } from './invoice-document.js';

/**
 * Renders an invoice, a credit note or a receipt as a PDF with its fonts embedded. Pure but for reading the fonts: the same document gives the
 * same bytes, so a document that is sent twice is the same document.
 */
export async function renderInvoicePdf(document: InvoiceDocument): Promise<Buffer> {
  // What draws is loaded with the first document: most processes never make one.
  const { drawInvoicePdf } = await import('./draw-invoice-pdf.js');
  return drawInvoicePdf(document);
}
