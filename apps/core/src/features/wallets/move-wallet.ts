import type { Prisma, Wallet } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';

export const WALLET_ENTRY_KINDS = ['grant', 'draw', 'draw_back', 'expiry', 'credit_note', 'close'] as const;
export type WalletEntryKind = (typeof WALLET_ENTRY_KINDS)[number];

/**
 * The wallet by our id or the caller's.
 * @throws notFound
 */
export async function requireWallet(db: TenantReader, idOrExternalId: string): Promise<Wallet> {
  const where = readReference('wal', idOrExternalId);
  const wallet = where && (await db.wallet.findUnique({ where }));
  if (!wallet) throw notFound('There is no such wallet.');
  return wallet;
}

/**
 * The wallet's row, taken after its customer's until the transaction ends and read as it then is. Its grants change under
 * this lock alone.
 * @throws notFound
 */
export async function lockWallet(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Wallet> {
  const { id, customerId } = await requireWallet(db, idOrExternalId);
  await lockAccounts(db, [customerId]);
  await db.$queryRaw`SELECT id FROM wallets WHERE id = ${id} FOR UPDATE`;
  return requireWallet(db, id);
}

/** What the wire can tell as a JSON integer. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

export interface WalletMove {
  readonly walletId: string;
  readonly grantId: string;
  readonly kind: WalletEntryKind;
  /** Minor units; positive puts in. */
  readonly amount: bigint;
  /** What makes it: unique. */
  readonly source: string;
  readonly invoiceId?: string | null;
}

/**
 * Moves the balance of a wallet that the transaction holds, and writes why. The grant is the caller's to change.
 * @throws amountTooLarge
 */
export async function moveWallet(
  ctx: TenantContext,
  tx: TenantTransaction,
  { walletId, grantId, kind, amount, source, invoiceId = null }: WalletMove,
): Promise<Wallet> {
  const now = ctx.clock.now();
  const wallet = await tx.db.wallet.update({
    where: { id: walletId },
    data: { balance: { increment: amount }, version: { increment: 1 }, updatedAt: now },
  });
  if (wallet.balance > MOST) throw amountTooLarge('The wallet would hold more than can be told.');
  await tx.db.walletEntry.create({
    data: {
      id: newId('wen'),
      walletId,
      grantId,
      kind,
      amount,
      balanceAfter: wallet.balance,
      invoiceId,
      source,
      createdAt: now,
    },
  });
  return wallet;
}
