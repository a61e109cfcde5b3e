import { topUpNeeded } from '../../domain/balance/top-up.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readAutoTopUp } from './auto-top-up-rule.js';
import { lockWallet } from './move-wallet.js';
import { sellTopUp } from './top-up-wallet.js';

/**
 * Tops a wallet up by its rule, when it has fallen below its threshold. A top-up that is asked for and not paid counts as
 * if it were there: run twice, or twice at once, it asks once, and a customer who does not pay is not asked again.
 */
export async function topUpByRule(ctx: TenantContext, walletId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    // Test data may have been deleted since the job was written.
    if (!(await tx.db.wallet.findUnique({ where: { id: walletId }, select: { id: true } }))) return;
    const wallet = await lockWallet(tx.db, walletId);
    const rule = readAutoTopUp(wallet.autoTopUp);
    if (rule === null || wallet.status !== 'active') return;
    const grants = await tx.db.walletGrant.findMany({ where: { walletId, status: 'pending' } });
    const pending = grants.reduce((sum, { amount }) => sum + amount, 0n);
    const amount = topUpNeeded(rule, { balance: wallet.balance, pending });
    if (amount === 0n) return;
    const count = await tx.db.walletGrant.count({ where: { walletId } });
    await sellTopUp(ctx, tx, { wallet, amount, expiresAt: null, source: `rule:${walletId}:${count + 1}` });
  });
}
