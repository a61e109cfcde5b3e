import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvents } from '../events/record-event.js';
import { readAutoTopUp } from './auto-top-up-rule.js';

/** What is looked at of a wallet whose balance has changed. */
export interface WatchedWallet {
  readonly id: string;
  readonly customerId: string;
  readonly currency: string;
  readonly balance: bigint;
  readonly autoTopUp: unknown;
}

/**
 * Looks at wallets that have just become emptier: says that one is empty, and has those topped up that have a rule for
 * it. The top-up is a job of its own, which looks again: asked for twice, it happens once.
 *
 * @param since what has changed: the balance, or only the rule
 */
export async function watchWallets(
  ctx: TenantContext,
  tx: TenantTransaction,
  wallets: readonly WatchedWallet[],
  since: 'balance' | 'rule' = 'balance',
): Promise<void> {
  const empty = since === 'balance' ? wallets.filter(({ balance }) => balance === 0n) : [];
  await recordEvents(
    tx,
    ctx,
    empty.map(({ id, customerId, currency }) => ({
      type: 'wallet.depleted',
      objectType: 'wallet',
      objectId: id,
      data: { customerId, currency },
    })),
  );
  const low = wallets.filter(({ balance, autoTopUp }) => {
    const rule = readAutoTopUp(autoTopUp);
    return rule !== null && balance < rule.threshold;
  });
  await tx.enqueueAll(
    'wallets.top_up',
    low.map(({ id }) => ({ walletId: id })),
  );
}
