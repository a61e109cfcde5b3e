import { notifyRefund } from './notices.js';
import type { PaystackWorld, Refund, RefundStatus } from './world.js';

/** Takes a refund to a state, moves the money that goes with it, and tells the merchant. */
export function moveRefund(world: PaystackWorld, refund: Refund, status: RefundStatus): void {
  if (refund.status === 'processed' || refund.status === status) return;
  refund.status = status;
  if (status === 'processed') recordRefund(world, refund);
  notifyRefund(world, refund);
}

/** Lets time do it: pending, processing, and then as it is to end. */
export function planRefund(world: PaystackWorld, refund: Refund): void {
  const { refundStepMs: step, clock } = world;
  if (step === null) return;
  clock.after(step, () => {
    if (refund.status === 'pending') moveRefund(world, refund, 'processing');
  });
  clock.after(2 * step, () => {
    if (refund.status === 'processing') moveRefund(world, refund, refund.ends);
  });
}

function recordRefund(world: PaystackWorld, refund: Refund): void {
  const { transaction } = refund;
  world.truth.record({
    at: world.clock.date().toISOString(),
    kind: 'refund',
    reference: transaction.reference,
    chargeId: String(transaction.id),
    refundId: String(refund.id),
    amount: BigInt(refund.amount),
    currency: transaction.currency,
    account: transaction.account,
  });
  const refunded = world.refunds
    .filter((other) => other.transaction === transaction && other.status === 'processed')
    .reduce((total, { amount }) => total + amount, 0);
  if (refunded === transaction.amount) transaction.status = 'reversed';
}
