import type { EmailMessage } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { PayLinks } from '../hosted-pages/pay-links.js';
import { buildInvoiceDocument, readPrintable } from '../invoices/build-invoice-document.js';
import type { InvoiceDocument } from '../invoices/document/invoice-document.js';
import { renderInvoicePdf } from '../invoices/document/render-invoice-pdf.js';
import { pdfFileName } from '../invoices/invoice-pdf.js';
import type { PreparedEmail } from './prepared-email.js';

/** The e-mail that brings an invoice, with its PDF as the invoice stands now. */
export async function prepareInvoice(
  ctx: TenantContext,
  { invoiceId }: EmailMessage,
  { edition, payLinks }: { edition: InvoiceDocument['edition']; payLinks: PayLinks },
): Promise<PreparedEmail> {
  const invoice = await readPrintable(ctx.db, invoiceId);
  const document = buildInvoiceDocument(ctx, invoice, {
    edition,
    payLink: await payLinks.of(ctx, invoice),
  });
  const content = await renderInvoicePdf(document);
  // The templates are loaded with the first e-mail: most processes never write one.
  const { composeInvoiceEmail } = await import('./compose-invoice-email.js');
  return {
    ...composeInvoiceEmail(document),
    replyTo: document.seller.email,
    attachment: { filename: pdfFileName(invoice), content },
  };
}
