import { notifyCharge } from './notices.js';
import type { Authorization, ChargeBehaviour, PaystackWorld, Transaction } from './world.js';

/** What Paystack says of a card that was not charged. */
const DECLINES: Readonly<Record<string, string>> = {
  insufficient_funds: 'Insufficient Funds',
  declined: 'Declined',
  fraud: 'Denied by fraud system',
};

/** Takes the money: from here on it is captured, whoever hears of it. */
export function succeed(world: PaystackWorld, transaction: Transaction, card?: Authorization): void {
  if (transaction.status === 'success' || transaction.status === 'reversed') return;
  const account = world.accounts.find(({ name }) => name === transaction.account);
  const fees = feeOf(transaction);
  transaction.status = 'success';
  transaction.fees = fees;
  transaction.amount = transaction.requestedAmount + (account?.feeBearer === 'customer' ? fees : 0);
  transaction.gatewayResponse = 'Successful';
  transaction.paidAt = world.clock.date().toISOString();
  transaction.visibleFrom = world.clock.now() + world.verifyLagMs;
  transaction.authorization = card ?? transaction.authorization ?? newCard(world, transaction);
  world.truth.record({
    at: transaction.paidAt,
    kind: 'capture',
    reference: transaction.reference,
    chargeId: String(transaction.id),
    refundId: null,
    amount: BigInt(transaction.amount),
    currency: transaction.currency,
    account: transaction.account,
  });
  notifyCharge(world, transaction);
}

/** The bank said no. Nobody is told: Paystack has no event for that. */
export function fail(transaction: Transaction, why: string): void {
  if (transaction.status === 'success' || transaction.status === 'reversed') return;
  transaction.status = 'failed';
  transaction.gatewayResponse = DECLINES[why] ?? why;
}

/** Charges as the card behaves. `paused` waits for its holder at the checkout. */
export function settleAs(world: PaystackWorld, transaction: Transaction, behaviour: ChargeBehaviour): void {
  if (behaviour === 'success') succeed(world, transaction);
  else if (behaviour === 'pending') transaction.status = 'pending';
  else if (behaviour === 'paused') transaction.status = 'ongoing';
  else fail(transaction, behaviour);
}

/** 1.5 % and no more than 2 000 major units: about what Nigeria pays. */
const feeOf = ({ requestedAmount }: Transaction) => Math.min(Math.round(requestedAmount * 0.015), 200_000);

function newCard(world: PaystackWorld, transaction: Transaction): Authorization {
  const card: Authorization = {
    code: `AUTH_${world.ids.text(10)}`,
    email: transaction.customer.email,
    account: transaction.account,
    domain: transaction.domain,
    reusable: true,
    active: true,
    behaviour: 'success',
    signature: `SIG_${world.ids.text(20)}`,
    last4: '4081',
  };
  world.authorizations.push(card);
  return card;
}
