import { Prisma, type Wallet } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { holdCustomer } from '../customers/customers.repository.js';
import type { CreateWallet } from './wallets.schemas.js';
import { watchWallets } from './watch-wallets.js';
import { recordChange } from '../events/record-change.js';
import { toWalletWire } from './wallet-wire.js';

/**
 * Makes an empty wallet of a customer, in one currency.
 * @throws notFound, externalIdTaken
 */
export async function createWallet(ctx: TenantContext, input: CreateWallet): Promise<Wallet> {
  const now = ctx.clock.now();
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const customer = await holdCustomer(tx.db, input.customerId);
      const wallet = await tx.db.wallet.create({
        data: {
          id: newId('wal'),
          externalId: input.externalId ?? null,
          customerId: customer.id,
          name: input.name,
          currency: input.currency ?? customer.currency ?? ctx.tenant.currency,
          priority: input.priority,
          autoTopUp: input.autoTopUp ?? Prisma.DbNull,
          metadata: input.metadata,
          createdAt: now,
          updatedAt: now,
        },
      });
      await recordChange(tx, ctx, 'wallet.created', toWalletWire(wallet));
      if (input.autoTopUp) await watchWallets(ctx, tx, [wallet], 'rule');
      return wallet;
    }),
  );
}
