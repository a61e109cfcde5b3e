import type { Wallet, WalletGrant } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeBalance } from '../balances/change-balance.js';
import { lockWallet, moveWallet } from './move-wallet.js';
import { walletClosed, walletTopUpPending } from './wallets.errors.js';
import type { CloseWallet } from './wallets.schemas.js';
import { recordChange } from '../events/record-change.js';
import { toWalletWire } from './wallet-wire.js';

/**
 * Closes a wallet for good. What the customer has paid for and not used goes to its balance, unless it is to be given up;
 * what it was given is gone.
 * @throws notFound, preconditionFailed, walletClosed, walletTopUpPending
 */
export async function closeWallet(
  ctx: TenantContext,
  idOrExternalId: string,
  input: CloseWallet,
  expected: ExpectedVersions,
): Promise<Wallet> {
  return ctx.transaction(async (tx) => {
    const wallet = await lockWallet(tx.db, idOrExternalId);
    checkVersion(expected, wallet.version);
    if (wallet.status !== 'active') throw walletClosed(`Wallet ${wallet.id} is closed already.`);
    const grants = await tx.db.walletGrant.findMany({
      where: { walletId: wallet.id, status: { in: ['pending', 'active'] } },
      orderBy: { id: 'asc' },
    });
    const pending = grants.find(({ status }) => status === 'pending');
    if (pending) {
      throw walletTopUpPending(`Invoice ${pending.invoiceId} of a top-up has to be paid or voided first.`);
    }
    for (const grant of grants) await emptyGrant(ctx, tx, grant);
    const paid = grants.filter(({ kind }) => kind === 'paid');
    const amount = paid.reduce((sum, { remaining }) => sum + remaining, 0n);
    if (input.unused === 'balance' && amount > 0n) await moveToBalance(ctx, tx, wallet, amount);
    const now = ctx.clock.now();
    const closed = await tx.db.wallet.update({
      where: { id: wallet.id },
      data: { status: 'closed', closedAt: now, version: { increment: 1 }, updatedAt: now },
    });
    const facts = { customerId: wallet.customerId, currency: wallet.currency };
    await recordChange(tx, ctx, 'wallet.closed', toWalletWire(closed), { facts });
    return closed;
  });
}

async function emptyGrant(
  ctx: TenantContext,
  tx: TenantTransaction,
  { id: grantId, walletId, remaining }: WalletGrant,
): Promise<void> {
  await tx.db.walletGrant.update({
    where: { id: grantId },
    data: { status: 'canceled', remaining: 0n, updatedAt: ctx.clock.now() },
  });
  const source = `close:${grantId}`;
  await moveWallet(ctx, tx, { walletId, grantId, kind: 'close', amount: -remaining, source });
}

async function moveToBalance(
  ctx: TenantContext,
  tx: TenantTransaction,
  { id, customerId, currency, name }: Wallet,
  amount: bigint,
): Promise<void> {
  await changeBalance(ctx, tx, {
    customerId,
    currency,
    kind: 'wallet_close',
    amount,
    source: `wallet_close:${id}`,
    note: `What was left in ${name}`,
  });
}
