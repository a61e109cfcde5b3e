import { Prisma, type Wallet } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockWallet } from './move-wallet.js';
import { walletClosed } from './wallets.errors.js';
import type { UpdateWallet } from './wallets.schemas.js';
import { watchWallets } from './watch-wallets.js';
import { recordChange } from '../events/record-change.js';
import { toWalletWire } from './wallet-wire.js';

/**
 * Changes how a wallet is called, when it is drawn from, and whether it is topped up by itself.
 * @throws notFound, preconditionFailed, walletClosed, externalIdTaken
 */
export async function updateWallet(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdateWallet,
  expected: ExpectedVersions,
): Promise<Wallet> {
  const { metadata, autoTopUp, ...columns } = input;
  const data: Prisma.WalletUpdateInput = { ...columns };
  if (autoTopUp !== undefined) data.autoTopUp = autoTopUp ?? Prisma.DbNull;
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const wallet = await lockWallet(tx.db, idOrExternalId);
      checkVersion(expected, wallet.version);
      if (wallet.status !== 'active') throw walletClosed(`Wallet ${wallet.id} is closed.`);
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(wallet.metadata), metadata);
      const changed = await tx.db.wallet.update({
        where: { id: wallet.id },
        data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
      });
      await recordChange(tx, ctx, 'wallet.updated', toWalletWire(changed), { before: toWalletWire(wallet) });
      if (autoTopUp) await watchWallets(ctx, tx, [changed], 'rule');
      return changed;
    }),
  );
}
