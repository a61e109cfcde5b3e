import type { EmailMessage } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { renderInvoicePdf } from '../invoices/document/render-invoice-pdf.js';
import { buildReceiptDocument, readPrintablePayment, receiptFileName } from '../payments/receipt-document.js';
import type { PreparedEmail } from './prepared-email.js';

/** The e-mail that says that a payment came, with its receipt as a PDF. */
export async function prepareReceipt(ctx: TenantContext, { about }: EmailMessage): Promise<PreparedEmail> {
  const payment = await readPrintablePayment(ctx, about ?? '');
  const document = buildReceiptDocument(ctx, payment);
  const content = await renderInvoicePdf(document);
  const { composeReceiptEmail } = await import('./compose-receipt-email.js');
  return {
    ...composeReceiptEmail(document),
    replyTo: document.seller.email,
    attachment: { filename: receiptFileName(payment), content },
  };
}
