import { applyFunds } from '../../domain/balance/apply-funds.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { type Funds, lockFunds } from './lock-funds.js';
import { saveSettlements, type Settled } from './save-settlements.js';

/** An invoice that is being issued. */
export interface SettledInvoice {
  readonly id: string;
  readonly customerId: string;
  readonly currency: string;
  /** With tax, in minor units. */
  readonly total: bigint;
  readonly billingReason: string;
}

/** What an invoice took of what its customer has, in minor units. */
export interface CreditTaken {
  readonly balance: bigint;
  readonly wallet: bigint;
}

/**
 * Settles invoices that are being issued from what their customers have, after tax: wallets first, then the balance, an
 * invoice after the other. A top-up is not paid out of what it tops up. A fixed number of statements however many
 * invoices there are; balances and wallets stay locked until the transaction ends.
 * @returns what was taken, by invoice; those that took nothing are not in it
 */
export async function settleFromCredit(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoices: readonly SettledInvoice[],
): Promise<Map<string, CreditTaken>> {
  const owed = invoices.filter(({ total, billingReason }) => total > 0n && billingReason !== 'wallet_top_up');
  if (owed.length === 0) return new Map();
  const funds = await lockFunds(
    tx,
    owed.map(({ customerId }) => customerId),
  );
  if (funds.balances.length === 0 && funds.wallets.length === 0) return new Map();
  const at = ctx.clock.now();
  const settled = owed.flatMap((invoice) => settleOne(funds, invoice, at));
  await saveSettlements(ctx, tx, { funds, settled });
  return new Map(
    settled.map(({ invoiceId, applied }) => [
      invoiceId,
      { balance: applied.balanceApplied, wallet: applied.walletApplied },
    ]),
  );
}

/** Takes from the funds what one invoice takes, so that the next finds what is left. */
function settleOne(funds: Funds, { id, customerId, currency, total }: SettledInvoice, at: Date): Settled[] {
  const mine = (row: { customerId: string; currency: string }) =>
    row.customerId === customerId && row.currency === currency;
  const balance = funds.balances.find(mine);
  const wallets = funds.wallets.filter(mine);
  const applied = applyFunds({ total, balance: balance?.amount ?? 0n, wallets, at });
  if (applied.due === total) return [];
  if (balance) balance.amount -= applied.balanceApplied;
  const draws = applied.draws.map((draw) => {
    const wallet = wallets.find((candidate) => candidate.id === draw.walletId);
    if (!wallet) throw new Error(`Wallet ${draw.walletId} was drawn from without being held.`);
    wallet.balance -= draw.amount;
    wallet.grants = wallet.grants.map((grant) =>
      grant.id === draw.grantId ? { ...grant, remaining: grant.remaining - draw.amount } : grant,
    );
    return { ...draw, balanceAfter: wallet.balance };
  });
  return [{ invoiceId: id, customerId, currency, applied, draws, balanceAfter: balance?.amount ?? 0n }];
}
