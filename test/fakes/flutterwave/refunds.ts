import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { notifyRefund } from './notices.js';
import { authenticate, hundredths, optionalText, readCall, refused } from './read-call.js';
import { refundWire, succeeded } from './wire.js';
import type { FlutterwaveWorld, Refund } from './world.js';

/** No key and no reference of the merchant's: to ask twice is to refund twice, as far as the money goes. */
function create(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const { account, body } = readCall(world, request);
  const transaction = world.transactions.find(
    (known) => String(known.id) === request.params['id'] && known.account === account.name,
  );
  if (!transaction) throw refused(400, 'No transaction was found for this id');
  if (transaction.status !== 'successful')
    throw refused(400, 'Transaction is not successful and cannot be refunded');
  const taken = world.refunds
    .filter((known) => known.transaction === transaction && known.status !== 'failed')
    .reduce((total, { amount }) => total + amount, 0);
  const left = transaction.chargedAmount - taken;
  const amount = body['amount'] === undefined ? left : hundredths(body['amount'], 'amount');
  if (amount <= 0 || amount > left)
    throw refused(400, 'The amount to refund is greater than the transaction amount');
  const refund: Refund = {
    id: world.ids.number(),
    transaction,
    amount,
    status: 'pending',
    comments: optionalText(body, 'comments') ?? '',
    createdAt: world.clock.date().toISOString(),
  };
  world.refunds.push(refund);
  if (request.outcome !== 'pending') moveRefund(world, refund, 'completed');
  return json(200, succeeded('Transaction refund initiated', refundWire(refund)));
}

/** Ends a refund: its money goes back, or it does not. */
export function moveRefund(world: FlutterwaveWorld, refund: Refund, status: 'completed' | 'failed'): void {
  if (refund.status !== 'pending') return;
  refund.status = status;
  const { transaction } = refund;
  if (status === 'completed') {
    world.truth.record({
      at: world.clock.date().toISOString(),
      kind: 'refund',
      reference: transaction.txRef,
      chargeId: String(transaction.id),
      refundId: String(refund.id),
      amount: BigInt(refund.amount),
      currency: transaction.currency,
      account: transaction.account,
    });
  }
  notifyRefund(world, refund);
}

function read(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const refund = mine(world, request).find(({ id }) => String(id) === request.params['id']);
  if (!refund) throw refused(404, 'Refund not found');
  return json(200, succeeded('Transaction refund fetched', refundWire(refund)));
}

function list(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const found = mine(world, request).toReversed();
  const page_info = { total: found.length, current_page: 1, total_pages: 1 };
  return json(200, {
    status: 'success',
    message: 'Transaction refunds fetched',
    meta: { page_info },
    data: found.map(refundWire),
  });
}

function mine(world: FlutterwaveWorld, request: FakeRequest): Refund[] {
  const account = authenticate(world, request);
  return world.refunds.filter(({ transaction }) => transaction.account === account.name);
}

export const refundRoutes: readonly Route<FlutterwaveWorld>[] = [
  route('POST', '/v3/transactions/:id/refund', create),
  route('GET', '/v3/refunds/:id', read),
  route('GET', '/v3/refunds', list),
];
