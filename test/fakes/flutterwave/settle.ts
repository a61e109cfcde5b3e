import type { Json } from '../frame/json-text.js';
import { notifyCharge } from './notices.js';
import type { FlutterwaveWorld, Transaction } from './world.js';

const YEAR_MS = 365 * 24 * 3_600_000;

/** What a new transaction is made of. */
export interface TransactionSeed {
  account: string;
  txRef: string;
  amount: number;
  currency: string;
  paymentType: string;
  email: string;
  customerName: string | null;
  phone: string | null;
  token: string | null;
  meta: Json;
  redirectUrl: string | null;
}

/** A transaction that waits for its outcome. */
export function beginTransaction(world: FlutterwaveWorld, seed: TransactionSeed): Transaction {
  const id = world.ids.number();
  const transaction: Transaction = {
    ...seed,
    id,
    flwRef: `FLW-MOCK-${world.ids.text(12).toUpperCase()}`,
    chargedAmount: seed.amount,
    fee: Math.round(seed.amount * 0.014),
    status: 'pending',
    authModel: seed.paymentType === 'card' ? 'VBVSECURECODE' : 'LIPA_MPESA',
    processorResponse: 'Transaction in progress',
    createdAt: world.clock.date().toISOString(),
    challenge: null,
  };
  world.transactions.push(transaction);
  return transaction;
}

/** Takes the money, and tells the merchant. What had failed may still succeed. */
export function succeed(world: FlutterwaveWorld, transaction: Transaction): void {
  if (transaction.status === 'successful') return;
  transaction.status = 'successful';
  transaction.processorResponse = 'Approved by Financial Institution';
  if (transaction.paymentType === 'card') transaction.token ??= newToken(world, transaction);
  world.truth.record({
    at: world.clock.date().toISOString(),
    kind: 'capture',
    reference: transaction.txRef,
    chargeId: String(transaction.id),
    refundId: null,
    amount: BigInt(transaction.chargedAmount),
    currency: transaction.currency,
    account: transaction.account,
  });
  notifyCharge(world, transaction);
}

/** The bank said no; the merchant is told by the same event as of a success. */
export function fail(world: FlutterwaveWorld, transaction: Transaction, why: string): void {
  if (transaction.status === 'successful') return;
  transaction.status = 'failed';
  transaction.processorResponse = why;
  notifyCharge(world, transaction);
}

function newToken(world: FlutterwaveWorld, { email, account }: Transaction): string {
  const token = `flw-t1nf-${world.ids.text(32)}-m03k`;
  world.tokens.push({ token, email, account, expiresAt: world.clock.now() + YEAR_MS, behaviour: 'success' });
  return token;
}
