export interface CreditCap {
  /** What the unused time is worth, in minor units. */
  readonly potential: bigint;
  /** What was billed for the line, after its discount, in minor units. */
  readonly billed: bigint;
  readonly alreadyCredited: bigint;
}

/** A credit never exceeds what is left uncredited of its line, and is never negative (Flexprice's and Kill Bill's rule). */
export function capCredit({ potential, billed, alreadyCredited }: CreditCap): bigint {
  const rest = billed - alreadyCredited;
  const credit = potential < rest ? potential : rest;
  return credit > 0n ? credit : 0n;
}
