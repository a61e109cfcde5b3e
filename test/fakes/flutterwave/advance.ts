import { textOf, type Json, type JsonObject } from '../frame/json-text.js';
import { moveRefund } from './refunds.js';
import { fail, succeed } from './settle.js';
import type { FlutterwaveWorld } from './world.js';

/**
 * Settles what waits: `{ref, to}` the last transaction of a reference with `to` success or failed (`why`), `{refund, to}`
 * the last refund of a reference, or one by its number, with `to` completed or failed.
 */
export function advance(world: FlutterwaveWorld, order: JsonObject): Json {
  const to = textOf(order['to'], 'success');
  if (order['refund'] !== undefined) return advanceRefund(world, textOf(order['refund']), to);
  const transaction = world.transactions.findLast((known) => known.txRef === order['ref']);
  if (!transaction) throw new Error(`There is no transaction of ${textOf(order['ref'])}.`);
  if (to === 'success') succeed(world, transaction);
  else if (to === 'failed') fail(world, transaction, textOf(order['why'], 'Declined'));
  else throw new Error(`A transaction goes to success or failed, not to ${to}.`);
  return { id: transaction.id, status: transaction.status };
}

function advanceRefund(world: FlutterwaveWorld, which: string, to: string): Json {
  const refund = world.refunds.findLast(
    ({ id, transaction }) => String(id) === which || transaction.txRef === which,
  );
  if (!refund || (to !== 'completed' && to !== 'failed'))
    throw new Error(`There is no refund ${which} or no state ${to}.`);
  moveRefund(world, refund, to);
  return { id: refund.id, status: refund.status };
}
