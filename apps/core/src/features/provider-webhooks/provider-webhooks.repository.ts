import type { Prisma, ProviderWebhook } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { type PageWhere, paginate } from '../../platform/http/pagination.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import {
  type ListProviderWebhooksQuery,
  type ProviderWebhookWire,
  SHOWN_COLUMNS,
  type ShownWebhook,
  toProviderWebhookWire,
} from './provider-webhook-wire.js';

/** @throws notFound */
export async function requireWebhook(db: TenantReader, id: string): Promise<ProviderWebhook> {
  const row = await db.providerWebhook.findUnique({ where: { id } });
  if (!row) throw notFound('There is no such webhook.');
  return row;
}

/** A page of webhooks, those that came last first unless asked otherwise. */
export async function listWebhooks(ctx: TenantContext, cursors: Cursors, query: ListProviderWebhooksQuery) {
  const { provider, status, kind, reference } = query;
  const filters: Prisma.ProviderWebhookWhereInput = {
    ...(provider === undefined ? {} : { provider }),
    ...(status === undefined ? {} : { status }),
    ...(kind === undefined ? {} : { kind }),
    ...(reference === undefined ? {} : { reference }),
  };
  return paginate<ShownWebhook & { createdAt: Date }, ProviderWebhookWire>({
    query,
    cursors,
    fetch: async ({ where, direction, take }) => {
      const rows = await ctx.db.providerWebhook.findMany({
        where: { AND: [...where.AND.map(byReceipt), filters] },
        orderBy: [{ receivedAt: direction }, { id: direction }],
        take,
        select: SHOWN_COLUMNS,
      });
      return rows.map((row) => ({ ...row, createdAt: row.receivedAt }));
    },
    toWire: ({ createdAt: _came, ...row }) => toProviderWebhookWire(row),
  });
}

/** The condition of a page by the moment that webhooks have: when they came. */
function byReceipt(condition: PageWhere['AND'][number]): Prisma.ProviderWebhookWhereInput {
  if (!('OR' in condition)) return { receivedAt: condition.createdAt };
  return { OR: condition.OR.map(({ createdAt, ...rest }) => ({ receivedAt: createdAt, ...rest })) };
}
