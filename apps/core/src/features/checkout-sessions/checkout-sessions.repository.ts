import type { CheckoutSession, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { type Page, paginate } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import type { HostedLinks } from '../hosted-pages/hosted-links.js';
import { ofInvoice } from '../invoices/invoices.repository.js';
import { type CheckoutSessionWire, toCheckoutSessionWire, WITH_PAYMENTS } from './checkout-session-wire.js';
import type { ListCheckoutSessionsQuery } from './checkout-sessions.schemas.js';

/**
 * The session of an id. Sessions have no id of the caller's.
 * @throws notFound
 */
export async function requireCheckoutSession(db: TenantReader, id: string): Promise<CheckoutSession> {
  const reference = readReference('cks', id);
  const session =
    reference && 'id' in reference
      ? await db.checkoutSession.findUnique({ where: { id: reference.id } })
      : null;
  if (!session) throw notFound('There is no such checkout session.');
  return session;
}

/** The session of an id that is known to exist, as callers see it. */
export async function readCheckoutSession(
  ctx: TenantContext,
  links: HostedLinks,
  id: string,
): Promise<CheckoutSessionWire> {
  const session = await ctx.db.checkoutSession.findUniqueOrThrow({ where: { id }, include: WITH_PAYMENTS });
  return toCheckoutSessionWire(session, pageOf(ctx, links, id));
}

/** A page of sessions, newest first unless asked otherwise. */
export async function listCheckoutSessions(
  ctx: TenantContext,
  { cursors, links }: { cursors: Cursors; links: HostedLinks },
  query: ListCheckoutSessionsQuery,
): Promise<Page<CheckoutSessionWire>> {
  const filters: Prisma.CheckoutSessionWhereInput[] = [];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.invoice !== undefined) filters.push(await ofInvoice(ctx.db, query.invoice));
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.checkoutSession.findMany({
        where: { AND: [where, ...filters] },
        orderBy,
        take,
        include: WITH_PAYMENTS,
      }),
    toWire: (session) => toCheckoutSessionWire(session, pageOf(ctx, links, session.id)),
  });
}

function pageOf({ databaseId }: TenantContext, links: HostedLinks, id: string): string {
  return links.urlOf({ kind: 'checkout', databaseId, id });
}
