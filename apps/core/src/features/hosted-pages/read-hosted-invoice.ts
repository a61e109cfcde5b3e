import type { CheckoutSession, Payment } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import {
  buildInvoiceDocument,
  type PrintableInvoice,
  readPrintable,
} from '../invoices/build-invoice-document.js';
import type { InvoiceDocument } from '../invoices/document/invoice-document.js';
import type { HostedPage } from './hosted-links.js';
import type { PageOwner } from './pages/shell.js';
import type { Visit } from './visits.js';

/** A logo as a data URL of this length is put into the page; who has a larger one is named only. */
const LOGO_LENGTH_MAX = 24_000;

/** What a page is about. */
export interface HostedInvoice {
  readonly invoice: PrintableInvoice;
  readonly document: InvoiceDocument;
  readonly owner: PageOwner;
  readonly session: CheckoutSession | null;
  /** All attempts at the invoice, newest first. */
  readonly payments: readonly Payment[];
}

/**
 * The invoice of a page: its own, or that of its checkout session. Drafts are nobody's business yet.
 * @throws not_found
 */
export async function readHostedInvoice({ ctx, page }: Pick<Visit, 'ctx' | 'page'>): Promise<HostedInvoice> {
  const session = await sessionOf(ctx, page);
  const id = session?.invoiceId ?? page.id;
  const known = await ctx.db.invoice.findUnique({ where: { id }, select: { status: true } });
  if (!known || known.status === 'draft') throw notFound('There is no such page.');
  const invoice = await readPrintable(ctx.db, id);
  const payments = await ctx.db.payment.findMany({ where: { invoiceId: id }, orderBy: { attempt: 'desc' } });
  const document = buildInvoiceDocument(ctx, invoice, { edition: 'original', payLink: null });
  return { invoice, document, owner: ownerOf(ctx, document), session, payments };
}

async function sessionOf(ctx: TenantContext, page: HostedPage): Promise<CheckoutSession | null> {
  if (page.kind === 'invoice') return null;
  const session = await ctx.db.checkoutSession.findUnique({ where: { id: page.id } });
  if (!session) throw notFound('There is no such page.');
  return session;
}

function ownerOf({ tenant }: TenantContext, { seller, brand }: InvoiceDocument): PageOwner {
  const logo = tenant.settings.brand?.logo ?? null;
  return {
    name: seller.name,
    color: brand.color,
    logo: brand.logo !== null && logo !== null && logo.length <= LOGO_LENGTH_MAX ? logo : null,
    email: seller.email,
    phone: seller.phone,
  };
}

/** Whether a session no longer takes a payment, though nobody has paid. Its own job may come a little later. */
export function hasExpired(ctx: TenantContext, session: CheckoutSession | null): boolean {
  if (session === null || session.status === 'complete') return false;
  return session.status === 'expired' || session.expiresAt <= ctx.clock.now();
}

/** What is to be paid on the page: what is due, or what is left of what its session asks for. */
export function amountToPay({ invoice, session, payments }: HostedInvoice): bigint {
  const { amountDue } = invoice;
  if (session === null || session.amount === null) return amountDue;
  const paid = payments
    .filter(({ checkoutSessionId, status }) => checkoutSessionId === session.id && status === 'succeeded')
    .reduce((sum, { amount }) => sum + amount, 0n);
  const left = session.amount - paid;
  return left > 0n && left < amountDue ? left : amountDue;
}
