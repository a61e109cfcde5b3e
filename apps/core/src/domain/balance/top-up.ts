/** Tops a wallet up by `amount` when it falls below `threshold`. Both above zero, in minor units. */
export interface AutoTopUpRule {
  readonly threshold: bigint;
  readonly amount: bigint;
}

/**
 * What a wallet has to be topped up by; zero when it has enough. As many times the rule's amount as bring it back to
 * the threshold, so that a small amount does not make a chain of top-ups.
 *
 * @param pending top-ups that are asked for and not paid: they count, so that none is asked for twice
 */
export function topUpNeeded(
  rule: AutoTopUpRule,
  { balance, pending }: { balance: bigint; pending: bigint },
): bigint {
  if (rule.amount <= 0n) throw new RangeError('A top-up must be above zero.');
  const missing = rule.threshold - balance - pending;
  if (missing <= 0n) return 0n;
  return ((missing + rule.amount - 1n) / rule.amount) * rule.amount;
}
