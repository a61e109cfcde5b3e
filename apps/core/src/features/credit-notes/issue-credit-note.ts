import type { CreditNote } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { CreditNoteRequest } from './credit-note-request.js';

/**
 * Takes back a part of an invoice: exact shares of the lines' discounts and taxes, first off what is due. A draft is
 * finalised first. Takes the invoice's row, then its customer's.
 * @returns null when nothing is left to credit
 * @throws notFound, invoicePaymentInFlight
 */
export function issueCreditNote(
  ctx: TenantContext,
  tx: TenantTransaction,
  request: CreditNoteRequest,
): Promise<CreditNote | null> {
  throw new Error(`${ctx.mode} ${typeof tx} ${request.source}: credit notes are not issued yet.`);
}
