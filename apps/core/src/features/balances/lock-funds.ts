import type { Grant } from '../../domain/balance/apply-funds.js';
import type { TenantTransaction } from '../../tenancy/tenant-context.js';

/** What customers can settle invoices with, while the transaction holds it. Changed in place as it is taken. */
export interface Funds {
  readonly balances: LockedBalance[];
  readonly wallets: LockedWallet[];
}

export interface LockedBalance {
  readonly customerId: string;
  readonly currency: string;
  amount: bigint;
}

export interface LockedWallet {
  readonly id: string;
  readonly customerId: string;
  readonly currency: string;
  readonly priority: number;
  readonly autoTopUp: { readonly threshold: number; readonly amount: number } | null;
  balance: bigint;
  grants: Grant[];
}

/**
 * Takes the balances and wallets of customers that have something in them, in the order of their keys, so that two
 * transactions cannot wait for each other. Two statements where nobody has anything.
 */
export async function lockFunds(tx: TenantTransaction, customerIds: readonly string[]): Promise<Funds> {
  const wanted = [...new Set(customerIds)];
  const balances = await tx.db.$queryRaw<LockedBalance[]>`
    SELECT customer_id AS "customerId", currency, amount FROM customer_balances
    WHERE customer_id = ANY(${wanted}) AND amount > 0
    ORDER BY customer_id, currency FOR UPDATE`;
  const wallets = await tx.db.$queryRaw<Omit<LockedWallet, 'grants'>[]>`
    SELECT id, customer_id AS "customerId", currency, priority, auto_top_up AS "autoTopUp", balance FROM wallets
    WHERE customer_id = ANY(${wanted}) AND status = 'active' AND balance > 0
    ORDER BY id FOR UPDATE`;
  if (wallets.length === 0) return { balances, wallets: [] };
  const grants = await tx.db.walletGrant.findMany({
    where: { walletId: { in: wallets.map(({ id }) => id) }, status: 'active', remaining: { gt: 0n } },
    orderBy: { id: 'asc' },
  });
  return {
    balances,
    wallets: wallets.map((wallet) => ({
      ...wallet,
      grants: grants.filter(({ walletId }) => walletId === wallet.id),
    })),
  };
}
