import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { PlannedCreditNote } from '../credit-notes/plan-credit-note.js';
import { lockWallet, moveWallet } from './move-wallet.js';
import { watchWallets } from './watch-wallets.js';
import { walletCreditUsed, walletTopUpPending } from './wallets.errors.js';

/**
 * Takes out of wallets what a credit note takes back of their top-ups: nobody has the money and the credit. Called in the
 * transaction of the note, before it is written, with the invoice's row held.
 * @throws walletTopUpPending, walletCreditUsed
 */
export async function takeBackTopUps(
  ctx: TenantContext,
  tx: TenantTransaction,
  { lines, money }: PlannedCreditNote,
): Promise<void> {
  for (const [index, { touched }] of lines.entries()) {
    const { line } = touched;
    if (line.kind !== 'wallet_top_up') continue;
    const amount = money.lines[index]?.amount ?? 0n;
    const grant = await tx.db.walletGrant.findUnique({ where: { invoiceId: line.invoiceId } });
    if (!grant || amount === 0n) continue;
    if (grant.status === 'pending') {
      throw walletTopUpPending('The top-up is not paid yet: void its invoice instead.');
    }
    await lockWallet(tx.db, grant.walletId);
    const { remaining, walletId, invoiceId } = await tx.db.walletGrant.findUniqueOrThrow({
      where: { id: grant.id },
    });
    if (remaining < amount) {
      throw walletCreditUsed(`Of the top-up, ${remaining} is left in the wallet, less than ${amount}.`);
    }
    const left = remaining - amount;
    const now = ctx.clock.now();
    await tx.db.walletGrant.update({
      where: { id: grant.id },
      data: { remaining: left, status: left === 0n ? 'used_up' : 'active', updatedAt: now },
    });
    const source = `credit_note:${grant.id}:${left}:${touched.alreadyCredited.amount}`;
    const move = { walletId, grantId: grant.id, kind: 'credit_note' as const, amount: -amount, source };
    await watchWallets(ctx, tx, [await moveWallet(ctx, tx, { ...move, invoiceId })]);
  }
}
