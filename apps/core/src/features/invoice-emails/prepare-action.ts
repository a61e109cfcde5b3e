import type { EmailMessage } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { PayLinks } from '../hosted-pages/pay-links.js';
import { prepareInvoice } from './prepare-invoice.js';
import type { PreparedEmail } from './prepared-email.js';

/** The e-mail that asks a customer to confirm a charge; null when it waits for that no more. */
export async function prepareAction(
  ctx: TenantContext,
  email: EmailMessage,
  { payLinks }: { payLinks: PayLinks },
): Promise<PreparedEmail | null> {
  const payment = await ctx.db.payment.findUnique({
    where: { id: email.about ?? '' },
    include: { invoice: { select: { number: true } } },
  });
  if (payment?.status !== 'pending' || payment.actionUrl === null) return null;
  const prepared = await prepareInvoice(ctx, email, { edition: 'copy', payLinks });
  const number = payment.invoice.number ?? payment.invoiceId;
  return { ...prepared, subject: `Please confirm the payment of invoice ${number}` };
}
