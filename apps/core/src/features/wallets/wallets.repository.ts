import type { Prisma } from '@nova/prisma-tenant';

import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { requireWallet } from './move-wallet.js';
import {
  toTopUpWire,
  toWalletEntryWire,
  toWalletWire,
  type WalletEntryWire,
  type WalletTopUpWire,
  type WalletWire,
} from './wallet-wire.js';
import type { ListTopUpsQuery, ListWalletEntriesQuery, ListWalletsQuery } from './wallets.schemas.js';

/** A page of wallets, newest first unless asked otherwise. */
export function listWallets(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListWalletsQuery,
): Promise<Page<WalletWire>> {
  const filters: Prisma.WalletWhereInput[] = [];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.wallet.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toWalletWire,
  });
}

/**
 * A page of a wallet's top-ups.
 * @throws notFound
 */
export async function listTopUps(
  ctx: TenantContext,
  cursors: Cursors,
  wallet: string,
  query: ListTopUpsQuery,
): Promise<Page<WalletTopUpWire>> {
  const { id: walletId } = await requireWallet(ctx.db, wallet);
  const filters: Prisma.WalletGrantWhereInput[] = [{ walletId }];
  if (query.status !== undefined) filters.push({ status: query.status });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.walletGrant.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toTopUpWire,
  });
}

/**
 * A page of what was put into a wallet and taken out.
 * @throws notFound
 */
export async function listWalletEntries(
  ctx: TenantContext,
  cursors: Cursors,
  wallet: string,
  query: ListWalletEntriesQuery,
): Promise<Page<WalletEntryWire>> {
  const { id: walletId } = await requireWallet(ctx.db, wallet);
  const filters: Prisma.WalletEntryWhereInput[] = [{ walletId }];
  if (query.invoice !== undefined) filters.push({ invoiceId: query.invoice });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.walletEntry.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toWalletEntryWire,
  });
}
