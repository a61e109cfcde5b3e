import type { CreditNote, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { ofInvoice } from '../invoices/invoices.repository.js';
import {
  type CreditNoteWire,
  type CreditNoteWithLines,
  toCreditNoteWire,
  WITH_CREDIT_LINES,
} from './credit-note-wire.js';
import type { ListCreditNotesQuery } from './credit-notes.schemas.js';

/**
 * The credit note that a caller names by our id, by their own or by its number.
 * @throws notFound
 */
export async function requireCreditNote(db: TenantReader, reference: string): Promise<CreditNote> {
  const where = readReference('cn', reference);
  const known = where && (await db.creditNote.findUnique({ where }));
  if (known) return known;
  const byNumber = /^[\x20-\x7e]{1,64}$/.test(reference)
    ? await db.creditNote.findUnique({ where: { number: reference } })
    : null;
  if (!byNumber) throw notFound('There is no such credit note.');
  return byNumber;
}

/** The credit note of an id that is known to exist, with its lines: for the wire and for its document. */
export function readCreditNote(db: TenantReader, id: string): Promise<CreditNoteWithLines> {
  return db.creditNote.findUniqueOrThrow({ where: { id }, include: WITH_CREDIT_LINES });
}

/** A page of credit notes, newest first unless asked otherwise. */
export async function listCreditNotes(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListCreditNotesQuery,
): Promise<Page<CreditNoteWire>> {
  const filters: Prisma.CreditNoteWhereInput[] = [];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.invoice !== undefined) filters.push(await ofInvoice(ctx.db, query.invoice));
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.creditNote.findMany({
        where: { AND: [where, ...filters] },
        orderBy,
        take,
        include: WITH_CREDIT_LINES,
      }),
    toWire: toCreditNoteWire,
  });
}
