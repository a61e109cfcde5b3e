import type { Invoice, Prisma } from '@nova/prisma-tenant';

import { localDate, startOfLocalDate } from '../../domain/calendar/periods.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import type { HostedLinks } from '../hosted-pages/hosted-links.js';
import { toInvoiceWire, WITH_LINES, type InvoiceWire, type InvoiceWithLines } from './invoice-wire.js';
import type { ListInvoicesQuery } from './invoices.schemas.js';

/**
 * The invoice that a caller names by our id, by their own or by its number.
 * @throws notFound
 */
export async function requireInvoice(db: TenantReader, reference: string): Promise<Invoice> {
  const invoice = await findInvoice(db, reference);
  if (!invoice) throw notFound('There is no such invoice.');
  return invoice;
}

/**
 * The invoice that a caller names by our id, by their own or by its number; null when there is none. Their own id
 * wins over a number that happens to read the same.
 */
export async function findInvoice(db: TenantReader, reference: string): Promise<Invoice | null> {
  const where = readReference('inv', reference);
  if (where && 'id' in where) return db.invoice.findUnique({ where });
  const own = where && (await db.invoice.findUnique({ where }));
  if (own) return own;
  // Numbers may hold what an id may not, such as a slash; text that PostgreSQL cannot hold is no number.
  return /^[\x20-\x7e]{1,64}$/.test(reference)
    ? db.invoice.findUnique({ where: { number: reference } })
    : null;
}

/** Picks the rows of one invoice, however a caller names it, in a list of another kind. */
export async function ofInvoice(db: TenantReader, reference: string): Promise<{ invoiceId: string }> {
  const invoice = await findInvoice(db, reference);
  return { invoiceId: invoice?.id ?? '' };
}

/**
 * Takes the invoice's row, after its customer's, until the transaction ends, and reads it as it then is. Every change of
 * an invoice goes through this lock, so that a payment, a void and a mark-paid of one invoice can never cross.
 * @throws notFound
 */
export async function lockInvoice(db: Prisma.TransactionClient, reference: string): Promise<Invoice> {
  const { id, customerId } = await requireInvoice(db, reference);
  await lockAccounts(db, [customerId]);
  await db.$queryRaw`SELECT id FROM invoices WHERE id = ${id} FOR UPDATE`;
  return requireInvoice(db, id);
}

/** The invoice of an id that is known to exist, with its lines. */
export function readInvoice(db: TenantReader, id: string): Promise<InvoiceWithLines> {
  return db.invoice.findUniqueOrThrow({ where: { id }, include: WITH_LINES });
}

/** A page of invoices, newest first unless asked otherwise. */
export function listInvoices(
  ctx: TenantContext,
  { cursors, links }: { cursors: Cursors; links: HostedLinks },
  query: ListInvoicesQuery,
  only: Prisma.InvoiceWhereInput = {},
): Promise<Page<InvoiceWire>> {
  const filters = [only, ...filtersOf(ctx, query)];
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.subscription !== undefined) filters.push(ofSubscription(query.subscription));
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.invoice.findMany({ where: { AND: [where, ...filters] }, orderBy, take, include: WITH_LINES }),
    toWire: (invoice) => toInvoiceWire(invoice, links.urlOfInvoice(ctx.databaseId, invoice)),
  });
}

type OwnFilters = Omit<ListInvoicesQuery, 'customer' | 'subscription'>;

function filtersOf(ctx: TenantContext, query: OwnFilters): Prisma.InvoiceWhereInput[] {
  const { status, overdue, dueBefore, number, currency, billingReason } = query;
  const filters: Prisma.InvoiceWhereInput[] = [];
  if (status !== undefined) filters.push({ status });
  if (overdue !== undefined) filters.push(overdue === 'true' ? isOverdue(ctx) : { NOT: isOverdue(ctx) });
  if (dueBefore !== undefined) filters.push({ dueAt: { lt: new Date(dueBefore) } });
  if (number !== undefined) filters.push({ number });
  if (currency !== undefined) filters.push({ currency });
  if (billingReason !== undefined) filters.push({ billingReason });
  return filters;
}

/** Overdue from the day after it was due, by the calendar of the seller's place. */
function isOverdue({ clock, tenant }: TenantContext): Prisma.InvoiceWhereInput {
  const today = startOfLocalDate(localDate(clock.now(), tenant.timeZone), tenant.timeZone);
  // Drafts are not due; a negation would pass over rows without a date.
  return { status: 'open', dueAt: { not: null, lt: today } };
}

function ofSubscription(idOrExternalId: string): Prisma.InvoiceWhereInput {
  const reference = readReference('sub', idOrExternalId);
  if (reference && 'externalId' in reference) return { subscription: reference };
  return { subscriptionId: reference?.id ?? '' };
}
