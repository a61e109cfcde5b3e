import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { lockWallet, moveWallet } from './move-wallet.js';
import { watchWallets } from './watch-wallets.js';
import { recordChange } from '../events/record-change.js';
import { toWalletWire } from './wallet-wire.js';

const BATCH = 50;
/** What one job may do at most: what is left is due still, and the due index brings it back as another job. */
const RUN_LIMIT_MS = 1_500;

/**
 * Takes out of wallets what has expired by the tenant's clock, a grant a transaction. It was not drawn from after its
 * moment anyway; this makes the balance say so. May run twice at once.
 */
export async function expireGrants(ctx: TenantContext): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  for (;;) {
    const due = await ctx.db.walletGrant.findMany({
      where: { status: 'active', expiresAt: { lte: ctx.clock.now() } },
      orderBy: [{ expiresAt: 'asc' }, { id: 'asc' }],
      take: BATCH,
      select: { id: true, walletId: true },
    });
    if (due.length === 0) return;
    for (const { id, walletId } of due) {
      await expireGrant(ctx, walletId, id);
      if (performance.now() > deadline) return;
    }
  }
}

/** The grant that expires first. */
export async function firstExpiry(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.walletGrant.findFirst({
    where: { status: 'active', expiresAt: { not: null } },
    orderBy: [{ expiresAt: 'asc' }, { id: 'asc' }],
    select: { id: true, expiresAt: true },
  });
  return first?.expiresAt ? { at: first.expiresAt, id: first.id } : null;
}

async function expireGrant(ctx: TenantContext, walletId: string, grantId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    await lockWallet(tx.db, walletId);
    const grant = await tx.db.walletGrant.findUniqueOrThrow({ where: { id: grantId } });
    if (grant.status !== 'active') return;
    const now = ctx.clock.now();
    await tx.db.walletGrant.update({
      where: { id: grantId },
      data: { status: 'expired', remaining: 0n, updatedAt: now },
    });
    const amount = -grant.remaining;
    const source = `expiry:${grantId}`;
    const wallet = await moveWallet(ctx, tx, { walletId, grantId, kind: 'expiry', amount, source });
    const facts = { grantId, amount: grant.remaining.toString(), currency: wallet.currency };
    await recordChange(tx, ctx, 'wallet.credit_expired', toWalletWire(wallet), { facts });
    await watchWallets(ctx, tx, [wallet]);
  });
}
