import type { Invoice, WalletGrant } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockWallet, moveWallet } from './move-wallet.js';
import { recordChange } from '../events/record-change.js';
import { toWalletWire } from './wallet-wire.js';

/**
 * Puts a top-up into its wallet because its invoice is paid; nothing for an invoice of something else. What would have
 * expired before it was paid does not expire: the customer has paid for it.
 */
export async function activateTopUp(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Pick<Invoice, 'id' | 'billingReason'>,
): Promise<void> {
  if (invoice.billingReason !== 'wallet_top_up') return;
  const pending = await tx.db.walletGrant.findUnique({ where: { invoiceId: invoice.id } });
  if (pending?.status === 'pending') await activateGrant(ctx, tx, pending);
}

/** Makes a grant usable and adds it to its wallet. */
export async function activateGrant(
  ctx: TenantContext,
  tx: TenantTransaction,
  grant: WalletGrant,
): Promise<WalletGrant> {
  const now = ctx.clock.now();
  const { customerId, currency } = await lockWallet(tx.db, grant.walletId);
  const expiresAt = grant.expiresAt !== null && grant.expiresAt <= now ? null : grant.expiresAt;
  const active = await tx.db.walletGrant.update({
    where: { id: grant.id },
    data: { status: 'active', remaining: grant.amount, expiresAt, updatedAt: now },
  });
  const { amount, walletId, invoiceId } = active;
  const wallet = await moveWallet(ctx, tx, {
    walletId,
    grantId: active.id,
    kind: 'grant',
    amount,
    source: `grant:${active.id}`,
    invoiceId,
  });
  tx.due('wallets', expiresAt);
  const facts = { customerId, grantId: active.id, kind: active.kind, amount: amount.toString(), currency };
  await recordChange(tx, ctx, 'wallet.topped_up', toWalletWire(wallet), { facts });
  return active;
}

/** Takes back a top-up that will not be paid, because its invoice is void. */
export async function cancelTopUp(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Pick<Invoice, 'id' | 'billingReason'>,
): Promise<void> {
  if (invoice.billingReason !== 'wallet_top_up') return;
  await tx.db.walletGrant.updateMany({
    where: { invoiceId: invoice.id, status: 'pending' },
    data: { status: 'canceled', remaining: 0n, updatedAt: ctx.clock.now() },
  });
}
