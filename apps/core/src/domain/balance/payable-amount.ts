/** What is asked of a payment method that takes only multiples of something. */
export interface PayableAmount {
  readonly charge: bigint;
  /** What is paid too much by it, for the customer's balance. */
  readonly overpaid: bigint;
}

/**
 * Rounds what is due up to what a payment method can take: M-Pesa has no cents, so KSh 99.50 are charged as KSh 100 and
 * 50 cents go to the balance.
 *
 * @param step the smallest amount that the method can move, in minor units
 */
export function payableAmount(due: bigint, step: bigint): PayableAmount {
  if (step <= 0n) throw new RangeError('The step of a payment method must be above zero.');
  if (due <= 0n) return { charge: 0n, overpaid: 0n };
  const charge = ((due + step - 1n) / step) * step;
  return { charge, overpaid: charge - due };
}
