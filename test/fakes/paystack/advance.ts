import { textOf, type Json, type JsonObject } from '../frame/json-text.js';
import { notifyDispute } from './notices.js';
import { moveRefund } from './refund-life.js';
import { fail, succeed } from './settle.js';
import type { PaystackWorld, RefundStatus } from './world.js';

const REFUND_STATES: readonly RefundStatus[] = [
  'pending',
  'processing',
  'needs-attention',
  'failed',
  'processed',
];

/**
 * Settles what waits. `{ref, to}` with `to` success, failed (`why`), reversed or dispute for a transaction; `{refund, to}`
 * for a refund by its number, or by the reference of its transaction the last one.
 */
export function advance(world: PaystackWorld, order: JsonObject): Json {
  const to = textOf(order['to'], 'success');
  if (order['refund'] !== undefined) return advanceRefund(world, textOf(order['refund']), to);
  const transaction = world.transactions.find((known) => known.reference === order['ref']);
  if (!transaction) throw new Error(`There is no transaction ${textOf(order['ref'])}.`);
  if (to === 'success') succeed(world, transaction);
  else if (to === 'dispute') notifyDispute(world, transaction);
  else if (to === 'failed') fail(transaction, textOf(order['why'], 'declined'));
  else throw new Error(`A transaction goes to success, failed or dispute, not to ${to}.`);
  return { reference: transaction.reference, status: transaction.status };
}

function advanceRefund(world: PaystackWorld, which: string, to: string): Json {
  const refund = world.refunds.findLast(
    ({ id, transaction }) => String(id) === which || transaction.reference === which,
  );
  const status = REFUND_STATES.find((known) => known === to);
  if (!refund || !status) throw new Error(`There is no refund ${which} or no state ${to}.`);
  moveRefund(world, refund, status);
  return { id: refund.id, status: refund.status };
}
