import type { Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvent } from '../events/record-event.js';
import { invoiceEvent } from './invoice-event.js';

/** Gives up an open invoice that this transaction holds, and that nothing is being paid of. */
export async function giveUpInvoice(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
): Promise<void> {
  const now = ctx.clock.now();
  const givenUp = await tx.db.invoice.update({
    where: { id: invoice.id },
    data: {
      status: invoiceStates.next(invoice.status, 'mark_uncollectible'),
      uncollectibleAt: now,
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  await recordEvent(tx, ctx, invoiceEvent('invoice.marked_uncollectible', givenUp));
}
