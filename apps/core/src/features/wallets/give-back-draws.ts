import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { moveWallet } from './move-wallet.js';

/**
 * Puts back into its grants what an invoice has drawn.
 * @returns what cannot go back, because its grant has expired or its wallet is closed
 */
export async function giveBackDraws(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoiceId: string,
): Promise<bigint> {
  const draws = await tx.db.walletEntry.findMany({
    where: { invoiceId, kind: 'draw' },
    orderBy: { id: 'asc' },
  });
  const walletIds = [...new Set(draws.map(({ walletId }) => walletId))];
  await tx.db.$queryRaw`SELECT id FROM wallets WHERE id = ANY(${walletIds}) ORDER BY id FOR UPDATE`;
  const now = ctx.clock.now();
  let homeless = 0n;
  for (const { walletId, grantId, amount: drawn } of draws) {
    const amount = -drawn;
    const { count } = await tx.db.walletGrant.updateMany({
      where: {
        id: grantId ?? '',
        status: { in: ['active', 'used_up'] },
        wallet: { status: 'active' },
        OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      },
      data: { remaining: { increment: amount }, status: 'active', updatedAt: now },
    });
    if (count === 0 || grantId === null) {
      homeless += amount;
      continue;
    }
    const source = `invoice_void:${invoiceId}:${grantId}`;
    await moveWallet(ctx, tx, { walletId, grantId, kind: 'draw_back', amount, source, invoiceId });
  }
  return homeless;
}
