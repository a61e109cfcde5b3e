/** A top-up of a wallet, in minor units of the invoice's currency. */
export interface Grant {
  readonly id: string;
  readonly remaining: bigint;
  /** The first moment at which it can no longer be drawn from; null for never. */
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

export interface FundedWallet {
  readonly id: string;
  /** Lower ones are drawn first. */
  readonly priority: number;
  /** Only those that are paid and usable. */
  readonly grants: readonly Grant[];
}

/** What is taken from a grant. */
export interface WalletDraw {
  readonly walletId: string;
  readonly grantId: string;
  readonly amount: bigint;
}

export interface AppliedFunds {
  readonly draws: readonly WalletDraw[];
  readonly walletApplied: bigint;
  readonly balanceApplied: bigint;
  /** What an invoice below zero gives to the balance. */
  readonly toBalance: bigint;
  /** What is left to pay. */
  readonly due: bigint;
}

/**
 * Settles an invoice, after tax, from what its customer has: wallets first, because what is in them may expire, by
 * priority, in a wallet the grant that expires first, then the oldest; then the balance. Nothing is drawn beyond what
 * is due. An invoice below zero draws nothing and goes to the balance.
 *
 * @param wallets none for an invoice that wallets may not pay, such as that of a top-up
 */
export function applyFunds({
  total,
  balance,
  wallets,
  at,
}: {
  total: bigint;
  balance: bigint;
  wallets: readonly FundedWallet[];
  at: Date;
}): AppliedFunds {
  if (total <= 0n) return { draws: [], walletApplied: 0n, balanceApplied: 0n, toBalance: -total, due: 0n };
  const draws: WalletDraw[] = [];
  let due = total;
  for (const { walletId, grant } of usableGrants(wallets, at)) {
    if (due === 0n) break;
    const amount = smaller(grant.remaining, due);
    draws.push({ walletId, grantId: grant.id, amount });
    due -= amount;
  }
  const walletApplied = total - due;
  const balanceApplied = balance > 0n ? smaller(balance, due) : 0n;
  return { draws, walletApplied, balanceApplied, toBalance: 0n, due: due - balanceApplied };
}

/** Whether a grant can be drawn from at a moment. */
export function isUsable(grant: Pick<Grant, 'remaining' | 'expiresAt'>, at: Date): boolean {
  return grant.remaining > 0n && (grant.expiresAt === null || at < grant.expiresAt);
}

function usableGrants(
  wallets: readonly FundedWallet[],
  at: Date,
): { walletId: string; priority: number; grant: Grant }[] {
  return wallets
    .flatMap(({ id, priority, grants }) => grants.map((grant) => ({ walletId: id, priority, grant })))
    .filter(({ grant }) => isUsable(grant, at))
    .sort(
      (a, b) =>
        a.priority - b.priority ||
        compareText(a.walletId, b.walletId) ||
        compareExpiry(a.grant.expiresAt, b.grant.expiresAt) ||
        a.grant.createdAt.getTime() - b.grant.createdAt.getTime() ||
        compareText(a.grant.id, b.grant.id),
    );
}

function compareExpiry(a: Date | null, b: Date | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return a.getTime() - b.getTime();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
